import Testing

/// The server goes away under the console and comes back.
@Suite(.serialized) struct LostLineTests {
  @Test func anIdleConsoleComesBackByItselfAndShowsWhatIsNew() throws {
    let landlord = Landlord()
    try landlord.onboard("acme", name: "Acme GmbH")
    let console = try landlord.open()
    try console.wait(for: "Acme GmbH")
    try landlord.rename("acme", to: "Acme Europe")
    #expect(try landlord.killBackends() > 0)
    // Without a key.
    try console.wait(for: "Acme Europe")
    try console.wait(for: "primary")
    #expect(!console.screen.text.contains("no connection"))
  }
}
