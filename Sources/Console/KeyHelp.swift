/// A line of the key table, for a manual.
public struct KeyHelp: Equatable, Sendable {
  /// Where the keys are pressed: "list", "detail", "form".
  public var place: String
  /// As people call them; the first is the one that is shown.
  public var keys: [String]
  /// The name by which the configuration gives it other keys, and the command line calls it.
  public var action: String
  public var help: String
  /// Whether the configuration may give it other keys.
  public var canBeChanged: Bool

  /// The keys as they come, place by place, in the order of the help screen.
  public static let table: [KeyHelp] = Place.allCases.flatMap { place in
    Keymap.standard.bindings(in: place).map { binding in
      KeyHelp(
        place: place.name, keys: binding.keys.compactMap(\.name), action: binding.meaning.word,
        help: binding.help, canBeChanged: binding.canBeChanged)
    }
  }
}
