import ArgumentParser
import TenantStore

struct ConsoleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "console", abstract: "The console, on a terminal (what runs without a command).")
  @OptionGroup var shared: SharedOptions

  func run() throws {
    guard Terminals.areBoth else {
      throw Failure(
        .usage,
        "the console needs a terminal for input and output; for scripts there are commands: landlord tenant list, landlord --help"
      )
    }
  }
}
