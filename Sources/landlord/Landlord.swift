import ArgumentParser

/// The command line: one command a use case, the console when none is named.
struct Landlord: ParsableCommand {
  /// The program's version.
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "landlord",
    abstract: "Look after the tenants of a multitenant platform.",
    discussion: """
      Without a command: the console, on a terminal. The database is the first of these that is given: --database or \
      --connection, LANDLORD_DATABASE, DATABASE_URL, libpq's variables (PGHOST …), else an embedded one that landlord \
      makes and starts by itself.

      Exit codes: 0 done, 1 error or refused values, 3 not found, 4 not permitted, 5 conflict, 6 outcome unknown, \
      7 timed out or cancelled, 64 usage.
      """,
    version: version,
    subcommands: [
      ConsoleCommand.self, TenantCommands.self, DemoCommand.self, MigrateCommand.self, SettingsCommands.self,
      CatalogueCommand.self, ContextCommands.self, InfoCommand.self, ServerCommands.self,
    ],
    defaultSubcommand: ConsoleCommand.self)
}
