/// A step of the schema: a file of SQL that is applied once, in a transaction of its own, and never changed afterwards.
public struct Migration: Equatable, Sendable {
  /// The file's name without its ending, such as `m0001_registry`. Names sort in the order of application.
  public let name: String
  /// As the program's file has it: no copy of it is made before somebody applies it.
  private let bytes: [UInt8]
  /// SHA-256 of the file in hexadecimal digits. Written down and not worked out, because every start of the console
  /// compares all of them, and a file never changes; a test holds them equal.
  public let checksum: String

  private init(_ name: String, _ bytes: [UInt8], _ checksum: String) {
    self.name = name
    self.bytes = bytes
    self.checksum = checksum
  }

  public var sql: String { String(decoding: bytes, as: UTF8.self) }

  /// All of them, in order. Kept by hand, because the files are embedded as separate constants; a test compares it with
  /// the folder.
  public static let all = [
    Migration(
      "m0001_registry", PackageResources.m0001_registry_sql,
      "06a0ae237cb28c7e44f15611277334af23a1cbf11eb282fecdc88b4bc81afd8e"),
    Migration(
      "m0002_audit", PackageResources.m0002_audit_sql,
      "aa8cbf4e26d6977d5047b722ecbc068aac59a438f23d5f8fcc5a49d0768e6f40"),
    Migration(
      "m0003_tenant_triggers", PackageResources.m0003_tenant_triggers_sql,
      "2b725abb247d7d032aa44271ddf7124155c6076304414137b2078b4a93711953"),
    Migration(
      "m0004_requests", PackageResources.m0004_requests_sql,
      "9e9b4e0819154457e0bbd8e6fe9a2fa1e35e19c155d85f61e9822ce69acaa20a"),
    Migration(
      "m0005_changes", PackageResources.m0005_changes_sql,
      "60acc4d02cbccb84545b1e10e7e3ced9128b5a2665e3097740cf5c8b3e40798c"),
    Migration(
      "m0006_installation", PackageResources.m0006_installation_sql,
      "6e16312312f1b13f7a957340956166fe90f5a1415994e5e7acca37ff3e9645d5"),
    Migration(
      "m0007_access", PackageResources.m0007_access_sql,
      "23cae93b318baa71fc554b89dbb2af7e8d3c0a16153351af0153a892763a8233"),
    Migration(
      "m0008_views", PackageResources.m0008_views_sql,
      "8e1dd1fe072612e7343f38ec83f4e36ea8b8f8519869ba523678d17bc33d5ad6"),
    Migration(
      "m0009_context", PackageResources.m0009_context_sql,
      "ef1034634bd4643c1aa8d6f82e835d759d78c31ca3e5a27d9c87db872891cd08"),
    Migration(
      "m0010_protect_refusals", PackageResources.m0010_protect_refusals_sql,
      "6719809750b7f5896362eb084e1b4a816c17bb76c7d4751e6f398035b1c54169"),
    Migration(
      "m0011_protect_steps", PackageResources.m0011_protect_steps_sql,
      "9b020b8caf99de85bb9f56a4b6f3223b7e3cef4590ade45a24754e94f27da9fd"),
    Migration(
      "m0012_protect", PackageResources.m0012_protect_sql,
      "5fa16b17b3e4aeba5b0a4ded655b09cb0a4c051a5e14f91d7269ae60f2a4fec5"),
    Migration(
      "m0013_isolation_reach", PackageResources.m0013_isolation_reach_sql,
      "0fbe42092d237a24a5e15e5764f422a476168bd75942f343412f4586d005029c"),
    Migration(
      "m0014_limits", PackageResources.m0014_limits_sql,
      "172c4a8d8f1dd86b280ec2a69d120e29cfe926e4cad79853218f2ff7f6a614b5"),
    Migration(
      "m0015_audit_list", PackageResources.m0015_audit_list_sql,
      "2bbeedc63125b2198b01d87da0564ebd3596fd20d74aed44fba3134c8cb3fc82"),
    Migration(
      "m0016_blocks", PackageResources.m0016_blocks_sql,
      "6599de94ca2a09403f3d685d9dba9b201e4b59ec8a3608a5f85184c23b627502"),
    Migration(
      "m0017_doctor", PackageResources.m0017_doctor_sql,
      "51d7028578771505330e3cdbb568e62549ff259b6825a78552c799de9b6fd5a2"),
    Migration(
      "m0018_lifecycle", PackageResources.m0018_lifecycle_sql,
      "a1ac08cfc13b8c2b02af8ad5e6ba180286a2332c2f5b49cd54ba3021d42caf57"),
    Migration(
      "m0019_outbox", PackageResources.m0019_outbox_sql,
      "68cf01b37c66767f1bb0cccb7abc2f0a6047429706b3a3c4ac1e4b5d6f677481"),
    Migration(
      "m0020_intake", PackageResources.m0020_intake_sql,
      "b9f4dc897818f856899d3b008b675b6b11a68f96c1694467dae23e6a434cfa40"),
    Migration(
      "m0021_runs", PackageResources.m0021_runs_sql,
      "b5599277bf776cd8f76679003f41ea1726e438c4a5a1f00a271538c0992b12aa"),
    Migration(
      "m0022_purge", PackageResources.m0022_purge_sql,
      "03632f243db50d5711acba4794aab5f1caaadc6062f44116463cafdf7064e439"),
    Migration(
      "m0023_doors", PackageResources.m0023_doors_sql,
      "06864504385afb96c2c622fbf7bbfdc988ccdf3ee213c52e0f8f7d61867d7922"),
    Migration(
      "m0024_enforcement", PackageResources.m0024_enforcement_sql,
      "ee771a9782603c0dfa4479ed3bca7c4d7de07292dc65d8f85105b3ab91a93025"),
  ]

  /// What `applied`, names with checksums as the database has them, means to this program.
  public static func schema(applied: [(name: String, checksum: String)]) -> Session.Schema {
    let known = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    for (name, checksum) in applied {
      guard let migration = known[name] else {
        return .foreign("the database is newer than this program: it has \(name), which is not known here")
      }
      if migration.checksum != checksum {
        return .foreign("\(name) was applied in another form than this program has")
      }
    }
    let names = Set(applied.map(\.name))
    let missing = all.map(\.name).filter { !names.contains($0) }
    return missing.isEmpty ? .current : .behind(missing)
  }
}
