import TenantStore
import Terminal

/// The keys and what they mean, from the one table: the footer, the help screen and the meaning of every key outside a text field
/// come from it.
struct Keymap: Sendable {
  /// In the order in which footer and help show them.
  let table: [Binding]
  /// The footer of each place, ready to be drawn.
  let footers: [Place: [Line]]

  /// As the program comes.
  static let standard = Keymap(standardTable)

  init(_ table: [Binding]) {
    self.table = table
    var footers: [Place: [Line]] = [:]
    for binding in table {
      for place in Place.allCases where binding.places.contains(place) {
        guard let label = binding.label, let name = binding.keys.first?.name else { continue }
        footers[place, default: []].append(
          Line([Span(SafeText(name), .key), Span(SafeText(" \(label)  "), .footer)]))
      }
    }
    self.footers = footers
  }

  /// What decides whether an action is possible now.
  struct Situation {
    var session: Session?
    /// The tenant the action would be on.
    var subject: Tenant?
    /// A write of this screen is on its way.
    var isWriting: Bool
    /// The screen shows what was.
    var isPast = false
  }

  struct Binding: Sendable {
    /// The first is the one that is shown.
    var keys: [Key]
    var meaning: Meaning
    /// For the footer; nil: not there.
    var label: String?
    /// For the help screen.
    var help: String
    var places: Places
    /// Why it is not possible now; nil: it is.
    var refusal: @Sendable (Situation) -> Refusal?

    init(
      _ keys: [Key], _ action: Action, _ label: String?, _ help: String, in places: Places,
      unless refusal: @escaping @Sendable (Situation) -> Refusal? = { _ in nil }
    ) {
      self.init(keys, .screen(action), label, help, in: places, unless: refusal)
    }

    init(
      _ keys: [Key], _ meaning: Meaning, _ label: String?, _ help: String, in places: Places,
      unless refusal: @escaping @Sendable (Situation) -> Refusal? = { _ in nil }
    ) {
      self.keys = keys
      self.meaning = meaning
      self.label = label
      self.help = help
      self.places = places
      self.refusal = refusal
    }
  }

  /// What `key` means in `place`; nil where nothing. Where two bindings have it, the earlier one counts.
  func binding(for key: Key, in place: Place) -> Binding? {
    table.first { $0.keys.contains(key) && $0.places.contains(place) }
  }

  /// How help is called in a place.
  func helpKey(in place: Place) -> String {
    bindings(in: place).first { $0.meaning == .app(.help) }?.keys.first?.name ?? "?"
  }

  /// The bindings of a place, in the table's order.
  func bindings(in place: Place) -> [Binding] { table.filter { $0.places.contains(place) } }

}
