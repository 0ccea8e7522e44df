import ArgumentParser
import Console

@main
struct Landlord: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "landlord", abstract: "The console for looking after the tenants of a platform.")

  func run() throws {}
}
