import ArgumentParser
import Postgres
import TenantStore

struct AccessCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "access", abstract: "Who may look and change, and which tenants.",
    discussion: """
      A person is a role of the server that may log in. What is granted here is membership in a group of the server, \
      so the login that grants needs ADMIN OPTION on the group (before PostgreSQL 16: or CREATEROLE), and landlord_admin \
      to write it into the audit; the login that migrates has both. Groups hold in every database of the server that has \
      landlord, limits in this one.
      """,
    subcommands: [
      ListAccess.self, GrantAccess.self, RevokeAccess.self, LimitAccess.self, UnlimitAccess.self,
    ])
}

struct ListAccess: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List who has access, by what, and their limits.")
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let desk = try AccessDesk(shared, changing: false)
    let people = try desk.ask { (access) throws(AccessError) in try access.people() }
    if format.json {
      try desk.output.line(JSON.array(people.map(\.json)).text)
    } else {
      for person in people { try desk.output.line(person.line(desk.output.shown)) }
    }
    try desk.output.finish()
  }
}

struct GrantAccess: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grant", abstract: "Let a person in as support, admin or auditor.",
    discussion: "Who has limits is let in with them: to let a person in for some tenants only, limit first.")
  @OptionGroup var named: PersonArgument
  @Argument(help: "What the person may do.")
  var group: Group
  @Option(help: "Why, for the audit.")
  var reason: String?
  @OptionGroup var shared: SharedOptions

  func run() throws {
    try AccessDesk(shared, changing: true).change(named.person) { (access) throws(AccessError) in
      try access.grant(group, to: named.person, reason: reason)
    }
  }
}

struct RevokeAccess: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Take from a person what was granted.",
    discussion: "Open sessions lose the right with their next statement. Limits stay written down.")
  @OptionGroup var named: PersonArgument
  @Argument(help: "What the person may do no longer.")
  var group: Group
  @Option(help: "Why, for the audit.")
  var reason: String?
  @OptionGroup var shared: SharedOptions

  func run() throws {
    try AccessDesk(shared, changing: true).change(named.person) { (access) throws(AccessError) in
      try access.revoke(group, from: named.person, reason: reason)
    }
  }
}

struct LimitAccess: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limit", abstract: "Let a person reach some tenants only.",
    discussion: """
      Limits add up: the person reaches every tenant that one of them names, and no other. A person who could reach all is \
      moved into the groups with limits. An industry means the tenants that are in it at the time.
      """)
  @OptionGroup var named: PersonArgument
  @OptionGroup var limits: LimitOptions
  @Option(help: "Why, for the audit.")
  var reason: String
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if limits.all.isEmpty { throw ValidationError("name at least one --industry or --tenant") }
  }

  func run() throws {
    try AccessDesk(shared, changing: true).change(named.person) { (access) throws(AccessError) in
      try access.limit(named.person, to: limits.all, reason: reason)
    }
  }
}

struct UnlimitAccess: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlimit", abstract: "Take limits away.",
    discussion: """
      Who has none left after --industry or --tenant reaches nothing. --all lets the person reach every tenant again, in every \
      database of the server: whoever is to stay limited in another one is to be unlimited in neither.
      """)
  @OptionGroup var named: PersonArgument
  @OptionGroup var limits: LimitOptions
  @Flag(help: "All limits, and the limited groups with them.")
  var all = false
  @Option(help: "Why, for the audit.")
  var reason: String
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if all != limits.all.isEmpty { throw ValidationError("name --industry or --tenant, or else --all") }
  }

  func run() throws {
    try AccessDesk(shared, changing: true).change(named.person) { (access) throws(AccessError) in
      try access.unlimit(named.person, from: limits.all, reason: reason)
    }
  }
}

extension Group: ExpressibleByArgument {}

/// The person that a command is about.
struct PersonArgument: ParsableArguments {
  @Argument(help: "The person's role on the server, exactly as it is written there.")
  var person: String
}

/// Limits, as typed.
struct LimitOptions: ParsableArguments {
  @Option(help: "An industry of the catalogue; may come again.")
  var industry: [String] = []
  @Option(help: ArgumentHelp("A tenant's site id or id; may come again.", valueName: "site-id"))
  var tenant: [String] = []

  var all: [Limit] { industry.map(Limit.industry) + tenant.map { .tenant(TenantReference($0)) } }
}
