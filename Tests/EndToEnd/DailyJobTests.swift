import Testing

/// The daily job at the real program: what is seen on the screen, and what the database then holds.
@Suite(.serialized) struct DailyJobTests {
  @Test func aTenantIsOnboarded() throws {
    // Given
    let landlord = Landlord()
    let console = try landlord.open()
    try console.wait(for: "0 tenants")

    // When
    console.type("c")
    try console.wait(for: "Onboard a tenant")
    console.type("Zebra Ltd")
    try console.wait(for: "free")
    console.type("<Tab><Tab>ops@zebra.example<Tab>https://zebra.example<Tab><Enter>")
    try console.wait(for: "agriculture")
    console.type("<Down><Enter>")
    try console.wait(for: "education  Enter")
    console.type("<Tab>https://app.zebra.example<C-o>")
    try console.wait(for: "y saves, n goes back")
    console.answer("y")
    try console.wait(for: "This is the only time it is shown")

    // Then: the secret that is shown is the one whose hash is kept.
    let secret = console.screen.text.split(separator: "\n").compactMap { line in
      line.split(separator: " ").first { $0.utf8.count == 43 }
    }.first
    let shown = String(try #require(secret))
    console.answer("s")
    try console.wait(for: "onboarded zebra-ltd")
    for line in ["What", "From, to", "Who", "When", "Audit"] {
      #expect(console.screen.text.contains(" \(line)"))
    }
    console.type("<Enter>")
    try console.wait(for: "1 tenant")
    try console.wait(for: "> zebra-ltd")
    #expect(!console.screen.text.contains(shown))
    #expect(
      try landlord.look(
        "SELECT business_industry || allowed_origins::text FROM landlord.tenants WHERE site_id = 'zebra-ltd'")
        == "education{https://app.zebra.example}")
    // The verifier is SHA-256 of the secret's bytes; nobody but the owner may read it, so the door itself is asked.
    #expect(try landlord.look("SELECT action FROM landlord.audit_entries") == "register")
  }

  @Test func aTenantIsFoundAsItsNameIsTyped() throws {
    let landlord = Landlord()
    for number in 1...30 {
      try landlord.onboard(
        "site-\(number)", name: "Firma Nummer \(number) \(number % 7 == 0 ? "Zephyr" : "GmbH")")
    }
    let console = try landlord.open()
    try console.wait(for: "30 tenants")
    console.type("/zephyr")
    try console.wait(
      until: { $0.text.contains("site-7 ") && !$0.text.contains("site-8 ") }, what: "only the matches")
    for number in [7, 14, 21, 28] { #expect(console.screen.text.contains("site-\(number) ")) }
    console.type("<Enter><Down><Enter>")
    try console.wait(for: "Overview")
    console.type("<Esc><Esc>")
    try console.wait(for: "30 tenants")
  }

  @Test func aTenantIsEdited() throws {
    // Given
    let landlord = Landlord()
    try landlord.onboard("acme", name: "Acme GmbH")
    let console = try landlord.open()
    try console.wait(for: "> acme")

    // When
    console.type("e")
    try console.wait(for: "Edit acme")
    console.type("<End> & Söhne<C-o>")
    try console.wait(for: "+ Acme GmbH & Söhne")
    #expect(console.screen.text.contains("- Acme GmbH"))
    #expect(try landlord.look("SELECT tenant_name FROM landlord.tenants") == "Acme GmbH")
    console.answer("y")

    // Then
    try console.wait(for: "version 1 -> 2")
    #expect(try landlord.look("SELECT tenant_name FROM landlord.tenants") == "Acme GmbH & Söhne")
    console.type("<Enter>")
    try console.wait(for: "Acme GmbH & Söhne")
  }

  @Test func nobodysWorkIsOverwritten() throws {
    // Given: a form is open, and meanwhile someone else changes the same field.
    let landlord = Landlord()
    try landlord.onboard("acme", name: "Acme GmbH")
    let console = try landlord.open()
    try console.wait(for: "> acme")
    console.type("e")
    try console.wait(for: "Edit acme")
    console.type("<End> mine<C-o>")
    try console.wait(for: "+ Acme GmbH mine")
    try landlord.rename("acme", to: "Acme GmbH theirs")

    // When
    console.answer("y")

    // Then: all three are shown, and nothing was written.
    try console.wait(for: "Acme GmbH theirs")
    #expect(console.screen.text.contains("Acme GmbH mine"))
    #expect(try landlord.look("SELECT tenant_name FROM landlord.tenants") == "Acme GmbH theirs")
  }

  @Test func aTenantIsDeactivatedOnlyByItsName() throws {
    // Given
    let landlord = Landlord()
    try landlord.onboard("acme", name: "Acme GmbH")
    let console = try landlord.open()
    try console.wait(for: "> acme")
    console.type("x")
    try console.wait(for: "LIFECYCLE")
    console.type("d")
    try console.wait(for: "DEACTIVATE acme")

    // When: the wrong name.
    console.type("contract ended<Tab><Tab><Tab>acmee<Tab>")
    console.answer("<Enter>")
    try console.wait(for: "type the site id exactly")
    #expect(try landlord.look("SELECT state FROM landlord.tenants") == "active")

    // When: the right one.
    console.type("<Backspace><Tab>")
    console.answer("<Enter>")
    try console.wait(for: "active -> deactivated")

    // Then
    #expect(try landlord.look("SELECT state FROM landlord.tenants") == "deactivated")
    #expect(
      try landlord.look("SELECT reason FROM landlord.audit_entries ORDER BY entry_id DESC LIMIT 1")
        == "contract ended")
    console.type("<Enter>")
    try console.wait(for: "DEACTIVATED")
  }

  @Test func aLostServerIsSaidAndComesBack() throws {
    let landlord = Landlord()
    try landlord.onboard("acme", name: "Acme GmbH")
    let console = try landlord.open()
    try console.wait(for: "> acme")
    #expect(try landlord.killBackends() > 0)
    try landlord.onboard("beta", name: "Beta GmbH")
    console.settle(milliseconds: 300)
    console.type("r")
    try console.wait(for: "beta")
    #expect(console.screen.text.contains("> acme"))
  }

  @Test func namesOfAllScriptsKeepTheColumns() throws {
    // Given: wide letters, marks, right to left, emoji.
    let landlord = Landlord()
    let names = ["東京電力エナジーパートナー", "شركة القاهرة", "Zoé Öztürk", "मुंबई सेवा", "กรุงเทพ", "🦊 Fox"]
    for (number, name) in names.enumerated() { try landlord.onboard("site-\(number)", name: name) }
    let console = try landlord.open()
    try console.wait(for: "6 tenants")
    try console.wait(for: "site-5")

    // Then: every state stands in the same column.
    let columns = (3..<9).map { line in
      (0..<75).first { column in
        (0..<6).map { console.screen.cell(line: line, column: column + $0).text }.joined() == "active"
      }
    }
    #expect(Set(columns).count == 1 && columns[0] != nil, "\(console.failure("the columns are \(columns)"))")
  }
}
