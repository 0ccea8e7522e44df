import ArgumentParser
import TenantStore

struct SettingsCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings", abstract: "What holds for the whole installation.",
    subcommands: [GetSetting.self, SetSetting.self])
}

/// The settings that there are.
enum SettingName: String, CaseIterable, ExpressibleByArgument {
  /// Shown in the console's header; "production" looks different.
  case environment
  /// How many days lie between a deactivation and the purge date.
  case purgeDays = "purge_days"
}

struct GetSetting: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "get", abstract: "Print a setting.")
  @Argument(help: "The setting's name.")
  var name: SettingName
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    let session = try errand.session()
    let value =
      switch name {
      case .environment: session.environment
      case .purgeDays: try errand.purgeDays()
      }
    if format.json {
      try errand.output.line(JSON.object([(name.rawValue, .optional(value))]).text)
    } else if let value {
      try errand.output.line(errand.output.shown(value))
    } else {
      throw Failure(.notFound, "\(name.rawValue) is not set")
    }
    try errand.output.finish()
  }
}

struct SetSetting: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "set", abstract: "Change a setting.")
  @Argument(help: "The setting's name.")
  var name: SettingName
  @Argument(help: "Its new value, such as production.")
  var value: String
  @Option(help: "Why, for the audit.")
  var reason: String?
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    let change = SettingChange(name: name.rawValue, value: value, reason: reason)
    try errand.saved(try errand.write(.changeSetting(change)).written, "setting \(name.rawValue)")
    try errand.output.line("\(name.rawValue) is \(errand.output.shown(value))")
    try errand.output.finish()
  }
}

extension Errand {
  /// Nil: nobody has set them.
  fileprivate func purgeDays() throws(Failure) -> String? {
    guard case .lifecycle(.purgeDays(let days)) = try ask(.lifecycle(.purgeDays)) else {
      preconditionFailure("the days before a purge are answered by .purgeDays")
    }
    return days
  }

  /// Who is connected to what. Fails where the schema is not there or not this program's.
  func session() throws(Failure) -> Session {
    guard case .session(let session) = try ask(.session) else {
      preconditionFailure("a question for the session is answered by .session")
    }
    switch session.schema {
    case .current, .behind: return session
    case .absent: throw Failure("this database has no landlord schema; run: landlord migrate")
    case .foreign(let why): throw Failure(why)
    }
  }
}
