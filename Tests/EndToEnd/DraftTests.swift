import Glibc
import Testing

/// A form outlives its console.
@Suite(.serialized) struct DraftTests {
  private func form(_ landlord: Landlord) throws -> Program {
    let console = try landlord.open()
    try console.wait(for: "0 tenants")
    console.type("c")
    try console.wait(for: "Onboard a tenant")
    return console
  }

  @Test func killedInMidFormTheDraftIsOfferedAgainAndAgain() throws {
    // Given
    let landlord = Landlord()
    let console = try form(landlord)
    console.type("Zebra Ltd<Tab><Tab>ops@zebra.example<Tab>")
    try landlord.waitForDraft(of: "ops@zebra.example")
    console.send(signal: SIGKILL)
    #expect(try console.waitForEnd() == .signal(SIGKILL))

    // When: it is killed once more after going on.
    let second = try landlord.open()
    try second.wait(for: "Not finished: c goes on with onboarding Zebra Ltd")
    second.type("c")
    try second.wait(for: "Onboard a tenant")
    try second.wait(for: "A DRAFT OF YOURS")
    second.answer("y")
    try second.wait(for: "Zebra Ltd")
    second.type("<PageDown><Tab><Tab><Enter>")
    try second.wait(for: "agriculture")
    second.type("<Enter>")
    try landlord.waitForDraft(of: "agriculture")
    second.send(signal: SIGKILL)
    _ = try second.waitForEnd()
    let third = try form(landlord)
    try third.wait(for: "A DRAFT OF YOURS")
    third.answer("y")
    third.type("<C-o>")
    try third.wait(for: "y saves, n goes back")
    third.answer("y")
    try third.wait(for: "This is the only time it is shown")

    // Then
    #expect(
      try landlord.look("SELECT tenant_name || business_industry FROM landlord.tenants")
        == "Zebra Ltdagriculture")
    third.answer("s")
    third.type("<Enter>")
    try third.wait(for: "1 tenant")
    third.type("c")
    try third.wait(for: "Onboard a tenant")
    third.settle()
    #expect(!third.screen.text.contains("A DRAFT OF YOURS"))
  }

  @Test func theSameFormInTwoConsolesIsNoticedAndALostTerminalLosesNothing() throws {
    let landlord = Landlord()
    let first = try form(landlord)
    first.type("Zebra")
    let second = try form(landlord)
    try second.wait(for: "open in another console")
    // The last keys come right before the line drops.
    first.type(" Ltd")
    first.settle()
    #expect(first.hangUp() == .signal(SIGHUP))
    let third = try form(landlord)
    try third.wait(for: "A DRAFT OF YOURS")
    third.answer("y")
    try third.wait(for: "Zebra Ltd")
  }
}
