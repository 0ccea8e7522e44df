import TenantStore
import Terminal

/// What the console is started with, beyond its database. Every part has a value that is right without a configuration.
public struct ConsoleOptions: Sendable {
  /// To choose from with `t`. Never empty.
  public var themes: [ThemeOffer]
  /// The name of the theme to begin with; one that is not there is said and the first is used.
  public var theme: String
  /// Keys that the person wants otherwise than they come: the name of an action, and its keys.
  public var bindings: [KeyBinding]
  /// The forms in which a whole tenant can be copied.
  public var tenantForms: [TenantForm]
  /// Events of the audit as they are written to a file, a line an event.
  public var eventLines: @Sendable ([AuditEvent]) -> String
  /// The names of the connections that there are, the present one among them.
  public var connections: [String]
  /// The person's own views, beside those that everyone shares.
  public var views: [SavedView]
  /// What the person says this database is for; the server's own word goes before it.
  public var environment: String?
  /// What was wrong with the configuration: shown once the console is up.
  public var problems: [String]
  /// The folder of the drafts, which need not be there; nil: none are kept.
  public var drafts: String?

  public init(
    themes: [ThemeOffer] = [ThemeOffer(.terminal), ThemeOffer(.mono)], theme: String = Theme.terminal.name,
    bindings: [KeyBinding] = [],
    tenantForms: [TenantForm] = [], eventLines: @escaping @Sendable ([AuditEvent]) -> String = { _ in "" },
    connections: [String] = [], views: [SavedView] = [],
    environment: String? = nil, problems: [String] = [], drafts: String? = nil
  ) {
    precondition(!themes.isEmpty, "there is always a theme to choose")
    self.themes = themes
    self.theme = theme
    self.bindings = bindings
    self.tenantForms = tenantForms
    self.eventLines = eventLines
    self.connections = connections
    self.views = views
    self.environment = environment
    self.problems = problems
    self.drafts = drafts
  }
}

extension ConsoleOptions {
  /// Whether this is a column of the list as a saved view names it: "tenantName", "tenantName:40".
  public static func isColumn(_ name: String) -> Bool { Arrangement.column(named: name) != nil }
}

/// Other keys for an action, as they stand in the configuration.
public struct KeyBinding: Equatable, Sendable {
  /// The action's name: "onboard", "copy-menu".
  public var action: String
  /// As the help screen writes them: "c", "Ctrl-o", "F5", "PgDn". The first is the one that is shown.
  public var keys: [String]

  public init(action: String, keys: [String]) {
    self.action = action
    self.keys = keys
  }
}

extension Session {
  /// Where the server does not say what it is for, the person's own word holds; where it says otherwise, that is said.
  func expected(to environment: String?) -> (session: Session, problem: String?) {
    guard let wanted = environment else { return (self, nil) }
    guard let said = self.environment else {
      var session = self
      session.environment = wanted
      return (session, nil)
    }
    let isOther = said.lowercased() != wanted.lowercased()
    return (self, isOther ? "your config.toml calls this \(wanted), and the server says it is \(said)" : nil)
  }
}
