import ArgumentParser
import Glibc
import Terminal

/// Where the program begins. Synchronous: an asynchronous main would leave the main thread, and the console's loop wants it.
@main
enum Main {
  static func main() {
    StandardDescriptors.secure()
    CrashNote.arm(path: StateDirectory.current().crashNote, version: Landlord.version)
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == Watcher.command { exit(Watcher.run(Array(arguments.dropFirst())).rawValue) }
    do {
      // Ours and not the parser's, which would take --version from the commands that mean a tenant's by it.
      if arguments == ["--version"] { try printVersion() }
      if arguments.isEmpty { try ConsoleCommand.startWithoutArguments() }
      var command = try Landlord.parseAsRoot(inParsersOrder(arguments))
      try command.run()
    } catch let failure as Failure {
      StandardError.say(failure.message)
      exit(failure.status.rawValue)
    } catch {
      // Help, version and wrong usage (64): in the parser's own words, which may hold what was typed.
      let code = Landlord.exitCode(for: error)
      if code.isSuccess { Landlord.exit(withError: error) }
      StandardError.show(Landlord.fullMessage(for: error))
      exit(code.rawValue)
    }
  }

  private static func printVersion() throws(Failure) -> Never {
    let output = StandardOutput()
    try output.line(Landlord.version)
    try output.finish()
    exit(0)
  }

  /// The arguments as the parser wants them: what a command shares with all others may also stand before its name
  /// (`landlord --connection demo tenant list`), and is moved behind it.
  static func inParsersOrder(_ arguments: [String]) -> [String] {
    let shared = ["--database", "--connection", "--log"]
    let flags = ["--read-only"]
    var rest = arguments[...]
    while let first = rest.first, let name = first.split(separator: "=").first {
      if flags.contains(first) {
        rest = rest.dropFirst()
      } else if shared.contains(String(name)) {
        rest = rest.dropFirst(first.contains("=") ? 1 : 2)
      } else {
        break
      }
    }
    guard let command = rest.first, !command.hasPrefix("-") else { return arguments }
    let end = rest.firstIndex(of: "--") ?? rest.endIndex
    return Array(rest[..<end] + arguments[..<rest.startIndex] + rest[end...])
  }
}
