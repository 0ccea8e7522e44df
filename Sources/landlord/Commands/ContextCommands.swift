import ArgumentParser
import TenantStore

struct ContextCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "context", abstract: "How the platform's code says for which tenant it works.",
    discussion: """
      In plain mode the setting landlord.tenant_id counts as it is. In signed mode it counts only with a signature by a \
      key that the platform's code holds and its role in the database cannot read.
      """,
    subcommands: [ContextMode.self, SignContext.self, VerifyContext.self, RotateContextKey.self])
}

struct ContextMode: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mode", abstract: "Show or change how contexts are wanted, and the keys that sign them.")
  @Argument(help: "The new mode; without one it is shown.")
  var mode: ContextKeys.Mode?
  @Option(help: "Why, for the audit.")
  var reason: String?
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    if let mode {
      if mode == .signed, try errand.contextKeys().live.isEmpty {
        throw Failure(
          .conflict,
          "there is no key to sign by, so every context would be refused; run: landlord context rotate")
      }
      let change = SettingChange(name: "context_mode", value: mode.rawValue, reason: reason)
      try errand.saved(try errand.write(.changeSetting(change)).written, "the mode of contexts")
    }
    try errand.print(try errand.contextKeys(), json: format.json)
    try errand.output.finish()
  }
}

/// A tenant, and the server process that works for it.
struct ContextArguments: ParsableArguments {
  @OptionGroup var named: TenantArgument
  @Option(help: "The server process that works for it, as pg_backend_pid() names it.")
  var pid: Int

  func place(_ errand: Errand) throws(Failure) -> ContextPlace {
    ContextPlace(tenantID: try errand.tenant(named.tenant).id, backend: pid)
  }
}

struct SignContext: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign", abstract: "Sign a tenant's context for one server process.",
    discussion:
      "Prints what belongs into landlord.context_signature, or into the second argument of enter_tenant.")
  @OptionGroup var context: ContextArguments
  @Option(help: "How long it is good, 1 to 86400.")
  var seconds = 60
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    let request = Request.signContext(try context.place(errand), seconds: seconds)
    guard case .contextSignature(let signature) = try errand.ask(request) else {
      preconditionFailure("a question for a signature is answered by .contextSignature")
    }
    guard let signature else { throw Failure(.notFound, "there is no key; run: landlord context rotate") }
    try errand.output.line(signature)
    try errand.output.finish()
  }
}

struct VerifyContext: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Whether a signature holds for a tenant on one server process.",
    discussion: "Exit code 0: it does. 1: it does not; the message says why.")
  @OptionGroup var context: ContextArguments
  @Argument(help: "The signature.")
  var signature: String
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    if let rule = try errand.problem(with: signature, at: context.place(errand)) {
      throw Failure("the signature does not hold: \(rule)")
    }
    try errand.output.line("the signature holds")
    try errand.output.finish()
  }
}

struct RotateContextKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Make a new key that signs contexts.",
    discussion: """
      The key is shown once, as NUMBER.KEY: give it to the platform's code. The one before stays good, so that the \
      platform can change over; older ones are forgotten. Rotate twice to shut out a key that became known.
      """)
  @Option(help: "Why, for the audit.")
  var reason: String?
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    let bytes = ContextKey.randomBytes()
    try errand.saved(
      try errand.write(.rotateContextKey(KeyRotation(key: bytes, reason: reason))).written,
      "the key of contexts")
    try errand.output.line(try errand.numbered(bytes).text)
    try errand.output.finish()
  }
}

extension Errand {
  fileprivate func contextKeys() throws(Failure) -> ContextKeys {
    guard case .contextKeys(let keys) = try ask(.contextKeys) else {
      preconditionFailure("a question for the keys is answered by .contextKeys")
    }
    return keys
  }

  fileprivate func problem(with signature: String, at place: ContextPlace) throws(Failure) -> String? {
    guard case .contextProblem(let rule) = try ask(.verifyContext(place, signature: signature)) else {
      preconditionFailure("a question about a signature is answered by .contextProblem")
    }
    return rule
  }

  /// The key with the number that the database gave it: found by a signature, because somebody else may have rotated since.
  fileprivate func numbered(_ bytes: [UInt8]) throws(Failure) -> ContextKey {
    let place = ContextPlace(tenantID: .random(), backend: 1)
    for item in try contextKeys().live {
      let key = ContextKey(number: item.number, bytes: bytes)
      let signature = key.signature(for: place.tenantID, expiry: 9_999_999_999, backend: 1)
      if try problem(with: signature, at: place) == nil { return key }
    }
    throw Failure(
      .conflict, "somebody else rotated twice meanwhile: this key is forgotten already; run it again")
  }

  fileprivate func print(_ keys: ContextKeys, json: Bool) throws(Failure) {
    if json {
      let live = keys.live.map { item in
        JSON.object([
          ("key", .number(Int64(item.number))), ("madeAt", .string(item.madeAt.rfc3339)),
          ("madeBy", .string(item.madeBy)),
        ])
      }
      return try output.line(
        JSON.object([("mode", .string(keys.mode.rawValue)), ("keys", .array(live))]).text)
    }
    try output.line("contexts are \(keys.mode.rawValue)")
    for item in keys.live {
      try output.line("key \(item.number)  made \(item.madeAt.rfc3339) by \(output.shown(item.madeBy))")
    }
  }
}

extension ContextKeys.Mode: ExpressibleByArgument {}
