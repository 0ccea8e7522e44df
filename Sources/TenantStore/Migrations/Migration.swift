import Crypto

/// A step of the schema: a file of SQL that is applied once, in a transaction of its own, and never changed afterwards.
public struct Migration: Equatable, Sendable {
  /// The file's name without its ending, such as `m0001_registry`. Names sort in the order of application.
  public let name: String
  /// As the program's file has it: no copy of it is made before somebody applies it.
  private let bytes: [UInt8]

  private init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  public var sql: String { String(decoding: bytes, as: UTF8.self) }

  /// SHA-256 of the file in hexadecimal digits.
  public var checksum: String {
    SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// All of them, in order. Kept by hand, because the files are embedded as separate constants; a test compares it with
  /// the folder.
  public static let all = [
    Migration("m0001_registry", PackageResources.m0001_registry_sql),
    Migration("m0002_audit", PackageResources.m0002_audit_sql),
    Migration("m0003_tenant_triggers", PackageResources.m0003_tenant_triggers_sql),
    Migration("m0004_requests", PackageResources.m0004_requests_sql),
    Migration("m0005_changes", PackageResources.m0005_changes_sql),
    Migration("m0006_installation", PackageResources.m0006_installation_sql),
    Migration("m0007_access", PackageResources.m0007_access_sql),
    Migration("m0008_views", PackageResources.m0008_views_sql),
    Migration("m0009_context", PackageResources.m0009_context_sql),
    Migration("m0010_protect_refusals", PackageResources.m0010_protect_refusals_sql),
    Migration("m0011_protect_steps", PackageResources.m0011_protect_steps_sql),
    Migration("m0012_protect", PackageResources.m0012_protect_sql),
    Migration("m0013_isolation_reach", PackageResources.m0013_isolation_reach_sql),
    Migration("m0014_limits", PackageResources.m0014_limits_sql),
    Migration("m0015_audit_list", PackageResources.m0015_audit_list_sql),
    Migration("m0016_blocks", PackageResources.m0016_blocks_sql),
    Migration("m0017_doctor", PackageResources.m0017_doctor_sql),
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
