import Console
import Glibc
import Terminal
import Testing

@testable import landlord

/// The themes that come with the program, and what becomes of files that people wrote.
struct ThemeFileTests {
  private static func read(_ name: String) -> (theme: Theme?, problems: [String]) {
    let bytes = Configuration.embeddedThemes.first { $0.name == name }!.bytes
    return ThemeFile.theme(name, file: name + ".toml", String(decoding: bytes, as: UTF8.self))
  }

  @Test(arguments: Configuration.embeddedThemes.map(\.name))
  func everyThemeIsComplete(_ name: String) {
    let (theme, problems) = Self.read(name)
    #expect(problems == [])
    #expect(theme?.styles.count == Role.allCases.count)
  }

  @Test(arguments: [Theme.terminal, .mono])
  func theFilesOfTheBuiltInThemesSayTheSame(_ theme: Theme) {
    for role in Role.allCases { #expect(Self.read(theme.name).theme?[role] == theme[role], "\(role)") }
  }

  @Test(arguments: Configuration.embeddedThemes.map(\.name))
  func whatNamesColoursCanBeRead(_ name: String) throws {
    let theme = try #require(Self.read(name).theme)
    for role in Role.allCases {
      guard let contrast = Self.contrast(theme[role]) else { continue }
      #expect(contrast >= (name == "high-contrast" ? 7 : 4.5), "\(name): \(role) has \(contrast)")
    }
  }

  /// Between foreground and background; nil where one of them is the person's own. Source: WCAG 2.1, contrast ratio.
  private static func contrast(_ style: Style) -> Double? {
    guard let a = luminance(style.foreground), let b = luminance(style.background) else { return nil }
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  private static func luminance(_ colour: Colour) -> Double? {
    guard case .palette(let number) = colour, number >= 16 else { return nil }
    let parts = [16, 8, 0].map { Double(SharedColour.value(number) >> UInt32($0) & 0xFF) / 255 }
    let linear = parts.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  @Test func everyThemeButTheTerminalsOwnNamesItsColours() throws {
    for (name, _) in Configuration.embeddedThemes where !["terminal", "mono"].contains(name) {
      let theme = try #require(Self.read(name).theme)
      for role in Role.allCases { #expect(Self.contrast(theme[role]) != nil, "\(name): \(role)") }
    }
  }

  @Test func aBadLineIsNamedWithItsRoleAndTheRestIsUsed() {
    let (theme, problems) = ThemeFile.theme(
      "mine", file: "mine.toml", "text = \"red\"\nheader = \"loud\"\nnoise = \"red\"\n")
    #expect(theme?[.text] == Style(.palette(1)))
    #expect(problems.contains("mine.toml:2: header must be like \"bold cyan on default\""))
    #expect(problems.contains("mine.toml:3: there is no role noise"))
    #expect(problems.contains("mine.toml: there is no line for the role key"))
    #expect(!problems.contains { $0.contains("no line for the role header") })
  }

  @Test func aFileThatIsNoTOMLIsLeftOutByLine() {
    let (theme, problems) = ThemeFile.theme("mine", file: "mine.toml", "text = \"red\"\nheader = = =\n")
    #expect(theme == nil)
    #expect(problems == ["mine.toml:2: is no TOML, so the theme is left out"])
  }

  @Test func coloursAreTheNearestThatTerminalsShare() {
    #expect(SharedColour.nearest(to: 0x000000) == 16)
    #expect(SharedColour.nearest(to: 0xFFFFFF) == 231)
    #expect(SharedColour.value(SharedColour.nearest(to: 0xAF005F)) == 0xAF005F)
    #expect(SharedColour.value(SharedColour.nearest(to: 0x1D1B1C)) == 0x1C1C1C)
    func distance(_ a: UInt32, _ b: UInt32) -> Int {
      [16, 8, 0].reduce(0) { sum, shift in
        let difference = Int(a >> UInt32(shift) & 0xFF) - Int(b >> UInt32(shift) & 0xFF)
        return sum + difference * difference
      }
    }
    for wanted in stride(from: UInt32(0), through: 0xFFFFFF, by: 65_537 / 8 + 1) {
      let best = (UInt8(16)...255).map { distance(SharedColour.value($0), wanted) }.min()
      #expect(distance(SharedColour.value(SharedColour.nearest(to: wanted)), wanted) == best)
    }
  }
}

/// What stands in the folder of a person's configuration.
struct ConfigurationTests {
  /// A folder of its own, emptied at the end.
  private static func within(_ body: (String) throws -> Void) rethrows {
    var template = Array("/tmp/llconf-XXXXXX".utf8CString)
    let folder = String(cString: mkdtemp(&template))
    mkdir(folder + "/themes", 0o700)
    defer {
      for name in ["/themes/mine.toml", "/themes/paper.toml", "/config.toml"] {
        unlink(folder + name)
        rmdir(folder + name)
      }
      rmdir(folder + "/themes")
      rmdir(folder)
    }
    try body(folder)
  }

  @Test func withoutAFolderThereAreOurThemesAndNoProblems() {
    let configuration = Configuration(folder: "/nonexistent")
    #expect(configuration.themes.map(\.name) == Configuration.embeddedThemes.map(\.name))
    #expect(configuration.theme == "terminal" && configuration.problems.isEmpty && configuration.keys.isEmpty)
  }

  @Test func themeAndKeysAreRead() throws {
    try Self.within { folder in
      try TextFile.write(
        "theme = \"mine\"\n[keys]\nonboard = \"n\"\ncopy = [\"F5\", \"y\"]\n", to: folder + "/config.toml")
      try TextFile.write("text = \"white on blue\"\n", to: folder + "/themes/mine.toml")
      let configuration = Configuration(folder: folder)
      #expect(configuration.theme == "mine")
      #expect(configuration.themes.last?.name == "mine")
      #expect(configuration.themes.last?.ground == Style(.palette(7), on: .palette(4)))
      #expect(configuration.keys.map(\.action).sorted() == ["copy", "onboard"])
      #expect(configuration.keys.first { $0.action == "copy" }?.keys == ["F5", "y"])
    }
  }

  @Test func aThemeOfTheSameNameTakesThePlaceOfOurs() throws {
    try Self.within { folder in
      try TextFile.write("text = \"red\"\n", to: folder + "/themes/paper.toml")
      let configuration = Configuration(folder: folder)
      #expect(configuration.themes.filter { $0.name == "paper" }.map { $0[.text] } == [Style(.palette(1))])
    }
  }

  @Test func whatIsNoOrdinaryFileIsSaidAndNeverWaitedFor() throws {
    try Self.within { folder in
      #expect(mkfifo(folder + "/config.toml", 0o600) == 0)
      #expect(mkdir(folder + "/themes/mine.toml", 0o700) == 0)
      try TextFile.write(String(repeating: "# much\n", count: 10_000), to: folder + "/themes/paper.toml")
      let problems = Configuration(folder: folder).problems
      #expect(problems.contains("\(folder)/config.toml is no ordinary file, so it is left out"))
      #expect(problems.contains("\(folder)/themes/mine.toml is no ordinary file, so it is left out"))
      #expect(problems.contains("\(folder)/themes/paper.toml is larger than 64 KiB, so it is left out"))
    }
  }

  @Test func whatIsNotUnderstoodIsSaidAndTheRestIsUsed() throws {
    try Self.within { folder in
      try TextFile.write("colour = 1\ntheme = \"paper\"\n[keys]\nsort = 3\n", to: folder + "/config.toml")
      let configuration = Configuration(folder: folder)
      #expect(configuration.theme == "paper")
      #expect(configuration.problems.contains("\(folder)/config.toml: there is no setting colour"))
      #expect(
        configuration.problems.contains("\(folder)/config.toml: keys.sort must be a key, or a list of keys"))
    }
  }
}
