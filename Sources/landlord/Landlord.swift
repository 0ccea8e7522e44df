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

      landlord --version prints the version.

      Exit codes: \(ExitStatus.allCases.map { "\($0.rawValue) \($0.words)" }.joined(separator: ", ")).
      """,
    subcommands: [
      ConsoleCommand.self,
      TenantCommands.self,
      OnboardCommand.self,
      LifecycleCommands.self,
      DemoCommand.self,
      MigrateCommand.self,
      SettingsCommands.self,
      CatalogueCommand.self,
      AccessCommands.self,
      ContextCommands.self,
      IsolationCommands.self,
      AuditCommands.self,
      ProvisionCommands.self,
      ResourceCommands.self,
      EventsCommand.self,
      DoctorCommand.self,
      InfoCommand.self,
      ServerCommands.self,
      ManualCommand.self,
      CompletionsCommand.self,
    ],
    defaultSubcommand: ConsoleCommand.self)
}
