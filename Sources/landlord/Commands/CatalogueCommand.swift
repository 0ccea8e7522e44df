import ArgumentParser
import TenantStore

struct CatalogueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "catalogue", abstract: "The industries and permissions that a tenant may have.")

  enum Action: String, CaseIterable, ExpressibleByArgument { case list, add, retire }

  @Argument(help: "Which catalogue.")
  var catalogue: CatalogueChange.Catalogue
  @Argument(help: "What to do with it.")
  var action: Action
  @Argument(help: "The entry to add or retire.")
  var name: String?
  @Option(help: "Why, for the audit.")
  var reason: String?
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if action == .list && name != nil { throw ValidationError("list takes no name") }
    if action != .list && name == nil { throw ValidationError("\(action.rawValue) needs the entry's name") }
  }

  func run() throws {
    let errand = try shared.open()
    switch action {
    case .list: try list(errand)
    case .add: try change(errand, .add)
    case .retire: try change(errand, .retire)
    }
    try errand.output.finish()
  }

  private func list(_ errand: Errand) throws(Failure) {
    guard case .catalogues(let catalogues) = try errand.ask(.catalogues) else {
      preconditionFailure("a question for the catalogues is answered by .catalogues")
    }
    let items = catalogue == .industries ? catalogues.industries : catalogues.permissions
    if format.json {
      let list = items.map { JSON.object([("name", .string($0.name)), ("retired", .bool($0.retired))]) }
      return try errand.output.line(JSON.array(list).text)
    }
    for item in items {
      try errand.output.line(errand.output.shown(item.name) + (item.retired ? "\tretired" : ""))
    }
  }

  private func change(_ errand: Errand, _ kind: CatalogueChange.Kind) throws(Failure) {
    guard let name else { preconditionFailure("validate() asks for the name") }
    let change = CatalogueChange(catalogue: catalogue, kind: kind, name: name, reason: reason)
    let written = try errand.write(.changeCatalogue(change)).written
    try errand.saved(written, "\"\(name)\" among the \(catalogue.rawValue)")
    let verb = kind == .add ? "is" : "is retired"
    try errand.output.line("\(errand.output.shown(name)) \(verb) among the \(catalogue.rawValue)")
  }
}

extension CatalogueChange.Catalogue: ExpressibleByArgument {}
