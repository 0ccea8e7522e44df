import ArgumentParser
import TenantStore

struct ResourceCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resource", abstract: "What every tenant is to have besides its row.",
    discussion: """
      postgresql: its secret, its context and its rows in the protected tables. Any other name is a program that this machine's \
      config.toml names under [resource.NAME]. While one is listed a new tenant is in service only once all of it is there.
      """,
    subcommands: [ListResources.self, AddResource.self, RemoveResource.self])
}

struct ListResources: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List them, in the order in which a tenant is given them.")
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    let setup = try Configuration.resources()
    guard case .run(.resources(let listed)) = try errand.ask(.run(.resources)) else {
      preconditionFailure("a question for the resources is answered by .resources")
    }
    if format.json {
      let list = listed.map { resource in
        JSON.object([
          ("name", .string(resource.name)), ("isConfiguredHere", .bool(setup.reaches(resource.name))),
          (
            "settings",
            .object(resource.settings.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
          ),
        ])
      }
      try errand.output.line(JSON.array(list).text)
    } else {
      for resource in listed {
        let settings = resource.settings.sorted { $0.key < $1.key }.map { "  \($0.key)=\($0.value)" }.joined()
        let here = setup.reaches(resource.name) ? "" : "  not configured on this machine"
        try errand.output.line(errand.output.shown(resource.name + settings) + here)
      }
    }
    try errand.output.finish()
  }
}

struct AddResource: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "List a resource, or give one that is listed other settings.",
    discussion: "What tenants have already is not touched: see landlord provision plan and apply.")
  @Argument(help: "Its name: postgresql, or what config.toml calls it.")
  var name: String
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("A setting, for every machine; may be repeated. No secrets.", valueName: "name=value"))
  var settings: [String] = []
  @Option(help: "Why, for the audit.")
  var reason: String?
  @OptionGroup var shared: SharedOptions

  func run() throws {
    var resource = ListedResource(name: name)
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw Failure(.usage, "--set takes NAME=VALUE, not \"\(setting)\"")
      }
      resource.settings[String(parts[0])] = String(parts[1])
    }
    let errand = try shared.open()
    let change = ResourceChange(.add(resource), reason: reason)
    try errand.saved(try errand.write(.run(.changeResource(change))).written, "resource \(name)")
    try errand.output.line("every new tenant is given \(errand.output.shown(name))")
    try errand.output.finish()
  }
}

struct RemoveResource: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Take a resource off the list; what tenants have in it stays there.")
  @Argument(help: "Its name.")
  var name: String
  @Option(help: "Why, for the audit.")
  var reason: String?
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    let written = try errand.write(.run(.changeResource(ResourceChange(.remove(name: name), reason: reason))))
      .written
    if written.rule == "resource_in_use" {
      throw Failure(.conflict, "a run that is not over has a step with \(name); nothing was changed")
    }
    try errand.saved(written, "resource \(name)")
    try errand.output.line("no new tenant is given \(errand.output.shown(name))")
    try errand.output.finish()
  }
}
