import Testing

/// What the terminal itself must do: clipboard, colours, mouse.
@Suite(.serialized) struct ComfortTests {
  private func open(_ environment: [String: String] = [:]) throws -> Program {
    let landlord = Landlord()
    for siteID in ["acme", "beta", "gamma"] { try landlord.onboard(siteID, name: "Firma \(siteID)") }
    let console = try landlord.open(environment: environment)
    try console.wait(for: "3 tenants")
    return console
  }

  @Test func aCopyGoesToTheTerminal() throws {
    let console = try open()
    console.type("jy")
    try console.wait(for: "copied the site id")
    #expect(
      String(decoding: console.tail, as: UTF8.self).contains("\u{1B}]52;c;YmV0YQ==\u{7}"),
      "\(console.failure("no sequence"))")
  }

  @Test func aTenantIsCopiedInTheFormsOfTheCommands() throws {
    let console = try open()
    console.type("Y")
    try console.wait(for: #"JSON            {"tenantId":""#)
    try console.wait(for: "CSV             tenantId,siteId,")
    console.type("<Down><Down><Down><Enter>")
    try console.wait(for: "copied the origins")
  }

  @Test func insideTmuxACopyIsWrappedToo() throws {
    let console = try open(["TMUX": "/tmp/tmux-0/default,1,0"])
    console.type("y")
    try console.wait(for: "copied the site id")
    #expect(
      String(decoding: console.tail, as: UTF8.self)
        .contains("\u{1B}Ptmux;\u{1B}\u{1B}]52;c;YWNtZQ==\u{7}\u{1B}\\"), "\(console.failure("not wrapped"))")
  }

  @Test func aThemeIsSeenWhileItIsChosen() throws {
    let console = try open()
    // The state of the second row.
    func colour() -> Int? {
      (30..<79).compactMap { console.screen.cell(line: 4, column: $0).foreground }.first
    }
    #expect(colour() == 2)
    console.type("t")
    try console.wait(for: "THEME")
    for _ in 0..<20 where !console.screen.text.contains("> mono") {
      console.type("<Down>")
      console.settle()
    }
    #expect(console.screen.text.contains("> mono"))
    #expect(colour() == nil)
    console.type("<Esc>")
    try console.wait(without: "THEME")
    #expect(colour() == 2)
  }

  @Test func theMouseSelectsAndOpens() throws {
    let console = try open()
    console.type("m")
    try console.wait(for: "mouse on")
    #expect(console.screen.modes.mouse)
    // Pressed and let go on the third row, then twice on the second; columns and lines are counted from 1.
    console.type("\u{1B}[<0;8;6M\u{1B}[<0;8;6m")
    try console.wait(for: "> gamma")
    console.type("\u{1B}[<0;8;5M\u{1B}[<0;8;5m\u{1B}[<0;8;5M\u{1B}[<0;8;5m")
    try console.wait(for: "Overview")
    #expect(console.screen.text.contains("Firma beta"))
    console.type("m")
    try console.wait(for: "mouse off")
    #expect(!console.screen.modes.mouse)
  }

  @Test func thePaletteFindsTenantsThatTheServerKnows() throws {
    let console = try open()
    console.type("<C-p>gamma")
    try console.wait(for: "| > gamma")
    console.type("<Enter>")
    try console.wait(for: "Overview")
    console.type(":open beta<Enter>")
    try console.wait(for: "Firma beta")
  }
}
