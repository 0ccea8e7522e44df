import TenantStore
import Terminal

/// Something that can be chosen by its name: on the command line and in the palette.
struct Choice: Sendable {
  /// As it is typed.
  var name: String
  /// What has to follow the name, as it is shown.
  var argument = ""
  var words: String
  /// The key that does the same.
  var key: String?
  /// Why it is not possible now; nil: it is.
  var refusal: Keymap.Refusal?
  /// What it would be done to.
  var subject: Tenant?
  var command: Command
}

extension Choice {
  /// Keys that only move about have no names worth typing, and the boxes themselves lead nowhere.
  private static let unnamed: Set<Meaning> = [
    .screen(.move(.up)), .screen(.move(.down)), .screen(.move(.pageUp)), .screen(.move(.pageDown)),
    .screen(.move(.halfUp)), .screen(.move(.halfDown)), .screen(.dialog(.back)), .app(.palette),
    .app(.commandLine),
  ]

  /// What the keys of a place do, each once, in the order of the table.
  static func actions(in place: Place, _ keymap: Keymap, _ situation: Keymap.Situation) -> [Choice] {
    var seen = unnamed
    return keymap.bindings(in: place).compactMap { binding in
      guard seen.insert(binding.meaning).inserted else { return nil }
      return Choice(
        name: binding.meaning.word, words: binding.help, key: binding.keys.first?.name,
        refusal: binding.refusal(situation), subject: situation.subject, command: .meaning(binding.meaning))
    }
  }

  static func themes(_ offers: [ThemeOffer]) -> [Choice] {
    offers.map { Choice(name: "theme \($0.name)", words: "how the console looks", command: .theme($0.theme)) }
  }

  static func connections(_ names: [String]) -> [Choice] {
    names.map { Choice(name: "connect \($0)", words: "another database", command: .connect($0)) }
  }

  static func view(_ view: SavedView) -> Choice {
    Choice(name: "view \(view.name)", words: view.filter, command: .view(view))
  }

  static func tenant(_ tenant: Tenant) -> Choice {
    Choice(name: tenant.siteID, words: tenant.name, command: .show(tenant))
  }
}

extension Meaning {
  /// The name as people type it: "copyMenu" is "copy-menu".
  var word: String {
    var word = ""
    for character in name {
      if character.isUppercase { word += "-" }
      word += character.lowercased()
    }
    return word
  }
}
