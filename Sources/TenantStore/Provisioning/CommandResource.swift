/// A resource that a program of the platform's looks after: the way to provision what landlord does not know by itself.
///
/// It is run as `PROGRAM ACT TENANT-ID SITE-ID` with the resource's settings in its environment as `LANDLORD_NAME`, where ACT is
/// one of `inspect` (prints absent, ready or suspended), `provision`, `suspend`, `resume`, `destroy`, `probe` (prints a line a
/// door: its name, a blank, `open` or `shut`) and `footprint` (a line a kind: a number, a blank, of what). Exit code 0: done;
/// 69 (EX_UNAVAILABLE): it cannot be reached; 78 (EX_CONFIG): this machine cannot; any other: refused. The first line on standard
/// error says why. After `Resource.patience` it is killed. An act may come again after it was done, and after a kill of landlord
/// while the one before still runs.
struct CommandResource: Resource {
  let name: String
  let path: String
  let settings: [String: String]

  func inspect(_ tenant: Tenant) throws(ResourceError) -> Condition {
    let word = try run("inspect", tenant).split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
    guard let condition = Condition(rawValue: word) else {
      throw .refused("its program answers inspect with none of absent, ready and suspended")
    }
    return condition
  }

  func provision(_ tenant: Tenant) throws(ResourceError) { _ = try run("provision", tenant) }
  func suspend(_ tenant: Tenant) throws(ResourceError) { _ = try run("suspend", tenant) }
  func resume(_ tenant: Tenant) throws(ResourceError) { _ = try run("resume", tenant) }
  func destroy(_ tenant: Tenant) throws(ResourceError) { _ = try run("destroy", tenant) }

  func probe(_ tenant: Tenant) throws(ResourceError) -> [Door] {
    try run("probe", tenant).split(whereSeparator: \.isNewline).map { line throws(ResourceError) in
      let words = line.split(separator: " ", maxSplits: 1)
      guard words.count == 2, ["open", "shut"].contains(words[1]) else {
        throw .refused("its program answers probe with a line that is not NAME open or NAME shut")
      }
      return Door(
        name: String(words[0]), opens: words[1] == "open",
        isAllowed: Condition(wantedBy: tenant.state) == .ready)
    }
  }

  func footprint(_ tenant: Tenant) throws(ResourceError) -> [Amount] {
    try run("footprint", tenant).split(whereSeparator: \.isNewline).map { line throws(ResourceError) in
      let words = line.split(separator: " ", maxSplits: 1)
      guard words.count == 2, let count = Int64(words[0]) else {
        throw .refused("its program answers footprint with a line that is not NUMBER WHAT")
      }
      return Amount(name: String(words[1]), count: count)
    }
  }

  /// What it prints.
  private func run(_ act: String, _ tenant: Tenant) throws(ResourceError) -> String {
    var variables = ["PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C.UTF-8"]
    variables += settings.map { "LANDLORD_\($0.key.uppercased())=\($0.value)" }
    let arguments = [path, act, tenant.id.description, tenant.siteID]
    guard let ended = Subprocess.run(arguments, variables, patience: Self.patience) else {
      throw .notConfigured("its program \(path) cannot be run")
    }
    let why = ended.errors.split(whereSeparator: \.isNewline).first.map(String.init)
    switch ended.status {
    case 0: return ended.output
    case nil: throw .unreachable("\(act) did not end in time and was killed")
    case 69: throw .unreachable(why ?? "\(act): it cannot be reached")
    case 78: throw .notConfigured(why ?? "\(act): this machine cannot")
    case let code?: throw .refused(why ?? "\(act) ended with exit code \(code)")
    }
  }
}
