import TOMLKit
import Terminal

/// A theme as a file has it: a role a line. What the words of a line may be stands in `themes/terminal.toml`.
enum ThemeFile {
  /// The theme that the text makes, as far as it makes one, and what is wrong with it: each problem names the file, and
  /// the line and the role where there is one. A role that is missing or wrong looks like ordinary text.
  static func theme(_ name: String, file: String, _ text: String) -> (theme: Theme?, problems: [String]) {
    let table: TOMLTable
    do throws(Failure) { table = try TOMLTable(of: file, text, "the theme is left out") } catch {
      return (nil, [error.message])
    }
    var problems: [String] = []
    var theme = Theme(name: name, styles: [:])
    let ground = table["text"]?.string.flatMap { StyleWords.style($0) }?.background ?? .standard
    for key in table.keys {
      var place: String { "\(file):\(line(of: key, in: text))" }
      guard let role = Role.named(key) else {
        problems.append("\(place): there is no role \(key)")
        continue
      }
      guard let style = table[key]?.string.flatMap({ StyleWords.style($0, ground: ground) }) else {
        problems.append("\(place): \(key) must be like \"bold cyan on default\"")
        continue
      }
      theme.styles[role] = style
    }
    for role in Role.allCases where theme.styles[role] == nil && table[role.name] == nil {
      problems.append("\(file): there is no line for the role \(role.name)")
    }
    return (theme, problems)
  }

  /// The line on which a key stands, from 1; 0 where it is written in another way.
  private static func line(of key: String, in text: String) -> Int {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return (lines.firstIndex { $0.drop { $0 == " " || $0 == "\t" }.utf8.starts(with: key.utf8) } ?? -1) + 1
  }
}

extension TOMLTable {
  /// Of a file's text. What is no TOML is said with file and line, and with what follows from it.
  convenience init(of file: String, _ text: String, _ consequence: String) throws(Failure) {
    if let line = Self.lineOfUnreadableName(in: text) {
      throw Failure(
        "\(file):\(line): is no TOML (after [ comes a letter, a digit or a quote), so \(consequence)")
    }
    do { try self.init(string: text) } catch {
      let line = (error as? TOMLParseError)?.source.begin.line
      throw Failure("\(file)\(line.map { ":\($0)" } ?? ""): is no TOML, so \(consequence)")
    }
  }
}

extension TOMLTable {
  /// The first line, from 1, that opens a table whose name begins as no name does. The library does not refuse these: built for
  /// debugging it ends the program, else it does what nobody knows. A line so within a value of several lines is refused, too.
  private static func lineOfUnreadableName(in text: String) -> Int? {
    let lines = text.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r" }
    return lines.firstIndex { line in
      let rest = line.drop { [" ", "\t", "\u{FEFF}"].contains($0) }
      guard rest.first == "[" else { return false }
      let name = rest.drop { ["[", " ", "\t"].contains($0) }.first
      return name.map { !isBeginning($0) } ?? true
    }.map { $0 + 1 }
  }

  private static func isBeginning(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-", "\"", "'", "]": true
    default: false
    }
  }
}

extension Role {
  /// What the role is called in a theme's file: its name here.
  var name: String { "\(self)" }

  static func named(_ name: String) -> Role? { byName[name] }

  /// Worked out once: a value's own name comes from a mirror, and those are slow.
  private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })
}

/// How a look is written: `bold cyan on #1c1c1c`.
enum StyleWords {
  /// Nil where a word is not understood. Without "on" it stands on `ground`.
  static func style(_ words: String, ground: Colour = .standard) -> Style? {
    var style = Style(.standard, on: ground)
    var behindOn = false
    for word in words.split(separator: " ").map(String.init) {
      if let attribute = attributes[word] {
        style.attributes.insert(attribute)
      } else if word == "on" && !behindOn {
        behindOn = true
      } else if let colour = colour(word) {
        if behindOn { style.background = colour } else { style.foreground = colour }
      } else {
        return nil
      }
    }
    return style
  }

  private static let attributes: [String: Style.Attributes] = [
    "bold": .bold, "dim": .dim, "underline": .underline, "reverse": .reverse,
  ]
  private static let names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]

  private static func colour(_ word: String) -> Colour? {
    if word == "default" { return .standard }
    if let number = names.firstIndex(of: word) { return .palette(UInt8(number)) }
    if word.hasPrefix("bright-"), let number = names.firstIndex(of: String(word.dropFirst(7))) {
      return .palette(UInt8(number + 8))
    }
    guard word.hasPrefix("#"), word.utf8.count == 7, let value = UInt32(word.dropFirst(), radix: 16) else {
      return nil
    }
    return .palette(SharedColour.nearest(to: value))
  }
}

/// The colours 16 to 255, which terminals share: a cube of six steps and a ramp of greys. Those before them are the
/// person's own.
enum SharedColour {
  private static let steps: [Int] = [0, 95, 135, 175, 215, 255]

  /// 0xRRGGBB of a number from 16 on.
  static func value(_ number: UInt8) -> UInt32 {
    let parts = parts(number)
    return UInt32(parts.x << 16 | parts.y << 8 | parts.z)
  }

  private static func parts(_ number: UInt8) -> SIMD3<Int> {
    if number >= 232 { return SIMD3(repeating: 8 + 10 * (Int(number) - 232)) }
    let place = Int(number) - 16
    return SIMD3(steps[place / 36], steps[place / 6 % 6], steps[place % 6])
  }

  /// The number of the colour that is nearest, by the squares of the differences: each part's nearest step, or a grey.
  /// Not by trying all 240, because every start of the console asks for a hundred of them.
  static func nearest(to wanted: UInt32) -> UInt8 {
    let parts = SIMD3(Int(wanted >> 16 & 0xFF), Int(wanted >> 8 & 0xFF), Int(wanted & 0xFF))
    func step(_ part: Int) -> Int {
      // Between two steps the middle decides.
      var place = 0
      while place < 5 && 2 * part > steps[place] + steps[place + 1] { place += 1 }
      return place
    }
    func distance(_ number: UInt8) -> Int {
      let difference = Self.parts(number) &- parts
      return (difference &* difference).wrappedSum()
    }
    let cube = UInt8(16 + 36 * step(parts.x) + 6 * step(parts.y) + step(parts.z))
    let grey = UInt8(232 + min(23, max(0, (parts.wrappedSum() / 3 - 3) / 10)))
    return distance(grey) < distance(cube) ? grey : cube
  }
}
