import ArgumentParser
import TenantStore

struct AuditKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "The key of this machine that signs checkpoints and exports.",
    discussion: "It lives in $XDG_STATE_HOME/landlord/audit.key and is for its owner alone.",
    subcommands: [ShowAuditKey.self, CreateAuditKey.self, RotateAuditKey.self])
}

struct ShowAuditKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print the public key, and those that it took the place of.")
  @OptionGroup var format: JSONOption

  func run() throws {
    let state = StateDirectory.current()
    let known = try KeyFile(state: state).known()
    guard let present = known.first else {
      throw Failure(.notFound, "there is no key yet; landlord audit key create")
    }
    let output = StandardOutput()
    if format.json {
      try output.line(
        JSON.object([
          ("key", .string(present)), ("file", .string(state.key)),
          ("former", .strings(Array(known.dropFirst()))),
        ]).text)
    } else {
      try output.line(output.shown(present))
      try output.line("file    \(output.shown(state.key))")
      for key in known.dropFirst() { try output.line("former  \(output.shown(key))") }
    }
    try output.finish()
  }
}

struct CreateAuditKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Make the key; the first checkpoint does so by itself.")

  func run() throws {
    let state = StateDirectory.current()
    let (key, isNew) = try KeyFile(state: state).keyOrNew()
    guard isNew else {
      throw Failure(.conflict, "there is a key already: \(key.publicText); landlord audit key rotate")
    }
    let output = StandardOutput()
    try output.line(key.publicText)
    try output.line("file    \(output.shown(state.key))")
    try output.finish()
  }
}

struct RotateAuditKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: "Put a new key in the place of the old one, which vouches for it and is forgotten.")

  func run() throws {
    let (old, new) = try KeyFile(state: .current()).rotate()
    let output = StandardOutput()
    try output.line(new.publicText)
    try output.line("former  \(old.publicText)")
    try output.finish()
  }
}
