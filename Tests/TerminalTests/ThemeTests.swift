import Testing

@testable import Terminal

@Suite struct ThemeTests {
  @Test func everyRoleHasALook() {
    for role in Role.allCases {
      #expect(Theme.mono[role].foreground == .standard && Theme.mono[role].background == .standard)
      _ = Theme.terminal[role]
    }
    #expect(Set(Role.allCases.map(\.letter)).count == Role.allCases.count)
  }

  @Test func productionLooksDifferentInEveryTheme() {
    #expect(Theme.mono[.production] != Theme.mono[.header])
    #expect(Theme.terminal[.production] != Theme.terminal[.header])
  }

  @Test func aFlagGoesBeforeTheEnvironment() {
    #expect(ColourMode.chosen(flag: nil, environment: [:]) == .automatic)
    #expect(ColourMode.chosen(flag: nil, environment: ["NO_COLOR": ""]) == .automatic)
    #expect(ColourMode.chosen(flag: nil, environment: ["NO_COLOR": "1"]) == .never)
    #expect(ColourMode.chosen(flag: .automatic, environment: ["NO_COLOR": "1"]) == .automatic)
  }

  @Test func brightColoursFallBackToBasicOnes() {
    #expect(Colour.palette(9).number(of: 256) == 9)
    #expect(Colour.palette(9).number(of: 8) == 1)
    #expect(Colour.palette(200).number(of: 16) == -1)
    #expect(Colour.standard.number(of: 256) == -1)
  }

  @Test func theLetterSetIsLeftOut() {
    #expect(
      ModeString.lean(Array("\u{1B}(B\u{1B}[mB(B\u{1B}(B".utf8)) == Array("\u{1B}[mB(B".utf8))
  }

  @Test(arguments: [
    ("a\u{1B}[39m\u{1B}[0;2mb", "a\u{1B}[0;2mb"), ("\u{1B}[39;49m\u{1B}[mb", "\u{1B}[mb"),
    ("\u{1B}[39mb\u{1B}[m", "\u{1B}[39mb\u{1B}[m"), ("\u{1B}[39m\u{1B}[1m", "\u{1B}[39m\u{1B}[1m"),
  ])
  func coloursAreNotTakenBackTwice(_ bytes: String, _ lean: String) {
    #expect(ModeString.lean(Array(bytes.utf8)) == Array(lean.utf8))
  }

  @Test func delaysOfOldTerminalsAreLeftOut() {
    #expect(ModeString.unpadded("\u{1B}[m$<2>\u{F}") == Array("\u{1B}[m\u{F}".utf8))
    #expect(ModeString.unpadded("$5<") == Array("$5<".utf8))
  }
}
