import Testing

/// The console on screens of all sizes and kinds, and what a key costs on the line.
@Suite(.serialized) struct ScreenTests {
  private func tenants(_ count: Int) throws -> Landlord {
    let landlord = Landlord()
    for number in 1...count { try landlord.onboard("acme-\(100 + number)", name: "Acme \(number) GmbH") }
    return landlord
  }

  @Test func everySizeIsSurvived() throws {
    let console = try tenants(5).open()
    try console.wait(for: "> acme-101")
    for (lines, columns) in [(10, 40), (1, 1), (2, 3), (1, 80), (24, 1), (60, 200), (9, 39), (24, 80)] {
      console.resize(lines: lines, columns: columns)
      console.type("<Down><Up>c<Esc>?<Esc>/<Esc>")
      console.settle(milliseconds: 150)
    }
    try console.wait(for: "> acme-101")
    console.type("q")
    #expect(try console.waitForEnd() == .exit(0))
  }

  @Test func theSmallestScreenShowsTheList() throws {
    let console = try tenants(3).open(lines: 10, columns: 40)
    try console.wait(for: "> acme-101")
    console.resize(lines: 9, columns: 40)
    try console.wait(for: "40x10")
  }

  @Test func fourWaysOfShowingAreOneText() throws {
    let landlord = try tenants(3)
    var texts: [String] = []
    for (arguments, environment) in [
      ([], [:]), (["--color=never"], [:]), ([], ["NO_COLOR": "1"]), ([], ["TERM": "vt100"]),
    ] as [([String], [String: String])] {
      let console = try landlord.open(arguments, environment: environment)
      try console.wait(for: "> acme-101")
      console.settle(milliseconds: 100)
      texts.append(console.screen.text)
      let colours = (0..<24).flatMap { line in
        (0..<80).compactMap { console.screen.cell(line: line, column: $0).foreground }
      }
      #expect(colours.isEmpty == !(arguments.isEmpty && environment.isEmpty))
    }
    #expect(Set(texts).count == 1)
  }

  @Test func aPlainLocaleGetsPlainLetters() throws {
    let landlord = Landlord()
    try landlord.onboard("tokyo", name: "東京 Zoé")
    let console = try landlord.open(environment: ["LC_ALL": "C"])
    try console.wait(for: "???? Zo?")
    #expect(!console.screen.text.unicodeScalars.contains { !$0.isASCII })
  }

  @Test func aKeyCostsFewBytesAndIdlingNone() throws {
    // Given
    let console = try tenants(60).open()
    try console.wait(for: "60 tenants")
    console.settle(milliseconds: 1_500)

    // Within the page.
    func bytesForADown() throws -> Int {
      let before = console.received
      let text = console.screen.text
      console.type("<Down>")
      try console.wait(until: { $0.text != text }, what: "the marker below")
      console.settle(milliseconds: 40)
      return console.received - before
    }
    for _ in 0..<10 { #expect(try bytesForADown() <= 40) }
    // At its end the list scrolls.
    console.type(String(repeating: "<Down>", count: 12))
    try console.wait(for: "> acme-123")
    console.settle()
    for _ in 0..<5 { #expect(try bytesForADown() <= 150) }
    // Nothing ticks.
    #expect(console.settle(milliseconds: 2_000) == 0)
  }

  @Test func aPasteIsTextAndPressesNoKeys() throws {
    let console = try tenants(3).open()
    try console.wait(for: "> acme-101")
    console.type("c")
    try console.wait(for: "Onboard a tenant")
    console.type("\u{1B}[200~Pasted\r\u{3}q\u{1B}[201~")
    try console.wait(for: "Pasted")
    #expect(console.screen.text.contains("Onboard a tenant"))
  }

  @Test func badBytesAndUnknownSequencesDoNothing() throws {
    let console = try tenants(3).open()
    try console.wait(for: "> acme-101")
    console.type(bytes: [0xFF, 0xC3, 0x28, 0x1B, 0x5B, 0x39, 0x39, 0x7E, 0x00, 0x9B])
    console.type(bytes: Array("\u{1B}]11;rgb:0000/0000/0000\u{7}\u{1B}[?64;1;2c".utf8))
    console.settle()
    console.type("<Down>")
    try console.wait(for: "> acme-102")
  }
}
