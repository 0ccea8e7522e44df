import ArgumentParser
import Glibc

/// Where the program begins. Synchronous: an asynchronous main would leave the main thread, and the console's loop wants it.
@main
enum Main {
  static func main() {
    StandardDescriptors.secure()
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == Watcher.command { exit(Watcher.run(Array(arguments.dropFirst())).rawValue) }
    do {
      if arguments.isEmpty { try ConsoleCommand.startWithoutArguments() }
      var command = try Landlord.parseAsRoot(arguments)
      try command.run()
    } catch let failure as Failure {
      StandardError.say(failure.message)
      exit(failure.status.rawValue)
    } catch {
      // Help, version and wrong usage (64): in the parser's own words.
      Landlord.exit(withError: error)
    }
  }
}
