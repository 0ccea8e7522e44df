import ArgumentParser
import Console

/// The manual page, made from the parser's commands, the one table of keys and the one list of exit codes, so that it cannot
/// say other things than the program does. Source of the form: man(7), groff_man(7).
enum ManualPage {
  static var text: String {
    [
      ".TH LANDLORD 1 \"\" \"landlord \(Landlord.version)\" \"User Commands\"\n",
      section("NAME", "landlord \\- \(escaped("look after the tenants of a multitenant platform"))\n"),
      section("SYNOPSIS", ".B landlord\n[\\fIcommand\\fR] [\\fIoptions\\fR]\n"),
      section("DESCRIPTION", paragraphs(Landlord.configuration.discussion)),
      section("COMMANDS", commands),
      section("KEYS OF THE CONSOLE", keys),
      section(
        "EXIT STATUS",
        ExitStatus.allCases.map { item(String($0.rawValue), $0.words) }.joined()
          + item("128+n", "ended by the signal n")),
      section("ENVIRONMENT", environment.map { item($0.name, $0.words) }.joined()),
      section("FILES", files.map { item($0.name, $0.words) }.joined()),
    ].joined()
  }

  private static let environment: [(name: String, words: String)] = [
    ("LANDLORD_DATABASE", "The database: anything libpq takes."),
    ("DATABASE_URL", "The same as other programs write it; parameters that libpq does not know are dropped."),
    ("PGHOST, PGPORT, PGDATABASE, PGUSER, PGSERVICE", "libpq's own, where nothing else names a database."),
    ("LANDLORD_LOG", "A file for the log, where --log names none."),
    ("NO_COLOR", "Without colours, where --color says nothing."),
    (
      "XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME",
      "Where the configuration, the embedded database, and drafts lie."
    ),
  ]
  private static let files: [(name: String, words: String)] = [
    ("~/.config/landlord/config.toml", "The theme to begin with, keys, connections and views of one's own."),
    ("~/.config/landlord/themes/*.toml", "Themes of one's own."),
    ("~/.local/share/landlord", "The embedded database; as root /var/lib/landlord."),
    ("~/.local/state/landlord/drafts", "Forms that were not finished."),
    ("~/.local/state/landlord/crash.txt", "Where the last crash was, without any data."),
    ("~/.pgpass", "Passwords, as libpq keeps them."),
  ]

  // MARK: Commands

  /// Each command that does something, with its help as the program prints it.
  private static var commands: String {
    leaves(of: Landlord.self, []).map { path, command in
      let help = Landlord.helpMessage(for: command, columns: 76)
      return ".SS \(escaped((["landlord"] + path).joined(separator: " ")))\n" + verbatim(help)
    }.joined()
  }

  /// The commands that have none below them, each with the words that call it.
  static func leaves(
    of command: any ParsableCommand.Type, _ path: [String]
  ) -> [(path: [String], command: any ParsableCommand.Type)] {
    let below = command.configuration.subcommands
    if below.isEmpty { return [(path, command)] }
    return below.flatMap { leaves(of: $0, path + [$0._commandName]) }
  }

  // MARK: Keys

  /// Place by place; what is the same in all of them stands once.
  private static var keys: String {
    let table = KeyHelp.table
    let places = table.reduce(into: [String]()) { if $0.last != $1.place { $0.append($1.place) } }
    func isEverywhere(_ key: KeyHelp) -> Bool {
      places.allSatisfy { place in
        table.contains { $0.place == place && $0.action == key.action && $0.keys == key.keys }
      }
    }
    let common = table.filter { $0.place == places.first && isEverywhere($0) }
    return ".SS Everywhere\n" + common.map(item).joined()
      + places.map { place in
        let own = table.filter { $0.place == place && !isEverywhere($0) }
        return own.isEmpty ? "" : ".SS \(title(place))\n" + own.map(item).joined()
      }.joined()
  }

  private static func item(_ key: KeyHelp) -> String {
    let name = key.canBeChanged ? " (\(key.action))" : ""
    return item(key.keys.joined(separator: ", "), key.help + name)
  }

  /// "filterField" as "Filter field".
  private static func title(_ place: String) -> String {
    var words = ""
    for character in place {
      words += character.isUppercase ? " " + character.lowercased() : String(character)
    }
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  // MARK: The form

  private static func section(_ name: String, _ body: String) -> String { ".SH \(name)\n" + body }

  private static func item(_ term: String, _ words: String) -> String {
    ".TP\n.B \(escaped(term))\n\(escaped(words))\n"
  }

  private static func paragraphs(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.isEmpty ? ".PP\n" : escaped(String($0)) + "\n"
    }
    .joined()
  }

  private static func verbatim(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      escaped(String($0)) + "\n"
    }
    return ".nf\n" + lines.joined() + ".fi\n"
  }

  /// As text: a backslash begins an escape, a hyphen is not a minus, a dot or an apostrophe at the beginning of a line makes
  /// it a request, and what is not ASCII goes by its number, because not every reader of pages knows UTF-8.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": escaped += "\\e"
      case "-": escaped += "\\-"
      case "." where escaped.isEmpty, "'" where escaped.isEmpty: escaped += "\\&\(character)"
      case _ where character.isASCII: escaped.unicodeScalars.append(character)
      default:
        let digits = String(character.value, radix: 16, uppercase: true)
        escaped += "\\[u" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + "]"
      }
    }
    return escaped
  }
}
