import Console
import Glibc
import TOMLKit
import TenantStore
import Terminal

/// What a person has written down for every start, in `$XDG_CONFIG_HOME/landlord` (`~/.config/landlord`):
///
///     config.toml       theme = "midnight"; under [keys] the name of an action and its key or keys; connections
///                       (see NamedConnection) and views (see OwnViews) under their names
///     themes/*.toml     themes of one's own; one that is called like one of ours takes its place
///
/// Nothing of it is needed. What cannot be read or understood is left out and said; the console starts all the same.
struct Configuration {
  var themes: [ThemeOffer]
  var theme: String
  var keys: [KeyBinding] = []
  var connections: [NamedConnection] = []
  var views: [SavedView] = []
  var problems: [String] = []

  /// The themes that come with the program, in the order in which they are offered.
  static let embeddedThemes: [(name: String, bytes: [UInt8])] = [
    ("terminal", PackageResources.terminal_toml), ("mono", PackageResources.mono_toml),
    ("high-contrast", PackageResources.high_contrast_toml),
    ("deuteranopia", PackageResources.deuteranopia_toml),
    ("tritanopia", PackageResources.tritanopia_toml), ("midnight", PackageResources.midnight_toml),
    ("paper", PackageResources.paper_toml),
  ]

  /// Of the folder `$XDG_CONFIG_HOME/landlord`.
  static func current() -> Configuration { Configuration(folder: folder) }

  static var folder: String {
    let named = Environment.all["XDG_CONFIG_HOME"] ?? ""
    // A relative path is invalid and ignored. Source: XDG Base Directory Specification.
    return (named.hasPrefix("/") ? named : Account.current.home + "/.config") + "/landlord"
  }

  /// Ours and those that `config.toml` describes, whether or not it does so well.
  static var connectionNames: [String] {
    let text = (try? TextFile.ordinary(folder + "/config.toml")) ?? nil
    let table = text.flatMap { try? TOMLTable(of: "", $0, "") }
    return EmbeddedDatabase.allCases.map(\.rawValue) + (table?["connection"]?.table?.keys.sorted() ?? [])
  }

  /// The connection that has this name in `config.toml`, which is all that is read here. Fails with status `usage` where
  /// there is none, and with what is wrong with it.
  static func connection(_ name: String) throws(Failure) -> NamedConnection {
    let path = folder + "/config.toml"
    let text = try TextFile.ordinary(path) ?? ""
    let table = try TOMLTable(of: path, text, "no connection can be found in it")["connection"]?.table
    guard let found = table?[name] else {
      throw Failure(
        .usage, "no connection is named \"\(name)\"; there are: \(connectionNames.joined(separator: ", "))")
    }
    return try NamedConnection(name, found.table, path)
  }

  init(folder: String) {
    themes = Self.embeddedThemes.map(Self.offer)
    theme = Theme.terminal.name
    for file in Self.themeFiles(in: folder + "/themes") {
      let path = "\(folder)/themes/\(file)"
      guard let text = text(of: path) else { continue }
      add(String(file.dropLast(5)), file: path, text)
    }
    read(folder + "/config.toml")
  }

  /// One of ours is known to be right (a test reads them all), so it is read when somebody wants to see it. The two that the
  /// program has built in are not read at all: the test holds their files to them.
  private static func offer(_ name: String, _ bytes: [UInt8]) -> ThemeOffer {
    if let builtIn = [Theme.terminal, .mono].first(where: { $0.name == name }) { return ThemeOffer(builtIn) }
    return ThemeOffer(name) {
      let file = ThemeFile.theme(name, file: name + ".toml", String(decoding: bytes, as: UTF8.self))
      guard let theme = file.theme else { preconditionFailure("a theme of ours is no TOML") }
      return theme
    }
  }

  /// A person's own is read at once: what is wrong with it is said at the start, whether it is used or not.
  private mutating func add(_ name: String, file: String, _ text: String) {
    let (read, problems) = ThemeFile.theme(name, file: file, text)
    self.problems += problems
    guard let read else { return }
    themes.removeAll { $0.name == name }
    themes.append(ThemeOffer(read))
  }

  private mutating func read(_ path: String) {
    guard let text = text(of: path) else { return }
    let table: TOMLTable
    do throws(Failure) { table = try TOMLTable(of: path, text, "nothing of it is used") } catch {
      problems.append(error.message)
      return
    }
    for key in table.keys {
      switch key {
      case "theme":
        if let name = table[key]?.string {
          theme = name
        } else {
          problems.append("\(path): theme must be a name")
        }
      case "keys":
        if let keys = table[key]?.table {
          read(keys, path)
        } else {
          problems.append("\(path): keys must be a table")
        }
      case "connection":
        connections = each(in: table[key]?.table, key, path) { name, table throws(Failure) in
          try NamedConnection(name, table, path)
        }
      case "view":
        views = each(in: table[key]?.table, key, path) { name, table throws(Failure) in
          try SavedView(name, table, path)
        }
      // Read where it is used, by `Configuration.resources()`.
      case "resource": break
      default: problems.append("\(path): there is no setting \(key)")
      }
    }
  }

  /// What stands under the names of a table, in their order; what is wrong is said and left out.
  private mutating func each<Value>(
    in table: TOMLTable?, _ key: String, _ path: String, _ make: (String, TOMLTable?) throws(Failure) -> Value
  ) -> [Value] {
    guard let table else {
      problems.append("\(path): \(key) must be a table of tables: [\(key).NAME]")
      return []
    }
    return table.keys.sorted().compactMap { name in
      do throws(Failure) { return try make(name, table[name]?.table) } catch {
        problems.append(error.message)
        return nil
      }
    }
  }

  private mutating func read(_ table: TOMLTable, _ path: String) {
    for action in table.keys {
      let value = table[action]
      let names = value?.string.map { [$0] } ?? value?.array.map { $0.compactMap { $0.string } } ?? []
      if names.isEmpty || names.count != value?.array?.count ?? 1 {
        problems.append("\(path): keys.\(action) must be a key, or a list of keys")
      } else {
        keys.append(KeyBinding(action: action, keys: names))
      }
    }
  }

  /// Of an ordinary file; nil where there is none, and where there is something else, which is said.
  private mutating func text(of path: String) -> String? {
    do throws(Failure) { return try TextFile.ordinary(path) } catch {
      problems.append(error.message)
      return nil
    }
  }

  /// Sorted by name; none where there is no folder.
  private static func themeFiles(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name.0) { String(cString: $0) }
      if name.hasSuffix(".toml") && !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
