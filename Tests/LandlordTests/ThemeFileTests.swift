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
