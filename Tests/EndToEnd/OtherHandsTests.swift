import Testing

/// Other people, other consoles and plain SQL change what somebody has on the screen.
@Suite(.serialized) struct OtherHandsTests {
  private func editing(_ landlord: Landlord) throws -> Program {
    try landlord.onboard("acme", name: "Acme GmbH")
    let console = try landlord.open()
    try console.wait(for: "Acme GmbH")
    console.type("e")
    try console.wait(for: "Edit")
    console.type(" Europe")
    try console.wait(for: "Acme GmbH Europe")
    return console
  }

  private func save(_ console: Program) throws {
    console.type("<C-o>")
    try console.wait(for: "y saves")
    console.answer("y")
  }

  @Test func whatPlainSQLWroteMeanwhileIsNotOverwritten() throws {
    // Given
    let landlord = Landlord()
    let console = try editing(landlord)

    // When: another field and the same one are written by hand.
    try landlord.asSuperuser(
      "UPDATE landlord.tenants SET tenant_name = 'Acme Asia', contact_email = 'it@acme.example'")
    try save(console)

    // Then: three sides are shown, and nothing was written.
    try console.wait(for: "Acme Asia")
    #expect(console.screen.text.contains("Acme GmbH Europe"))
    #expect(try landlord.look("SELECT tenant_name FROM landlord.tenants") == "Acme Asia")
    #expect(
      try landlord.look(
        "SELECT string_agg(action, ', ' ORDER BY seq) FROM landlord.audit_entries WHERE version > 1")
        == "direct update")
  }

  @Test func aTenantThatIsGoneIsSaidAndTheFormStays() throws {
    let landlord = Landlord()
    let console = try editing(landlord)
    try landlord.asSuperuser("DELETE FROM landlord.tenant_secrets; DELETE FROM landlord.tenants")
    try save(console)
    try console.wait(for: "not saved: there is no such tenant any more")
    #expect(console.screen.text.contains("Acme GmbH Europe"))
  }

  @Test func ofTwoConsolesThatOnboardTheSameSiteIDOneIsToldAndKeepsWhatItTyped() throws {
    // Given: both have it in their review.
    let landlord = Landlord()
    func reviewing(_ name: String) throws -> Program {
      // Another folder, as on another machine: the form is not the same draft there.
      let console = try landlord.open(environment: ["XDG_STATE_HOME": landlord.state + "/" + name])
      try console.wait(for: "0 tenants")
      console.settle()
      console.type("c")
      try console.wait(for: "Onboard a tenant")
      console.type("\(name)<Tab>")
      console.type("<C-u>nova<Tab>\(name)@nova.example<Tab><Tab><Enter>")
      try console.wait(for: "agriculture")
      console.type("<Enter><C-o>")
      try console.wait(for: "y saves, n goes back")
      return console
    }
    let (first, second) = (try reviewing("ana"), try reviewing("ben"))

    // When
    first.answer("y")
    try first.wait(for: "This is the only time it is shown")
    second.answer("y")

    // Then
    try second.wait(for: "Another tenant has or had this site id")
    #expect(second.screen.text.contains("nova") && second.screen.text.contains("ben"))
    #expect(!second.screen.text.contains("free"))
    #expect(try landlord.look("SELECT string_agg(tenant_name, ',') FROM landlord.tenants") == "ana")
  }

  @Test func aDraftThatIsResumedOnTwoMachinesMakesOneTenant() throws {
    // Given: a draft whose console was killed, and a copy of it elsewhere.
    let landlord = Landlord()
    let console = try landlord.open()
    try console.wait(for: "0 tenants")
    console.settle()
    console.type("c")
    try console.wait(for: "Onboard a tenant")
    console.type("Zebra Ltd<Tab><Tab>ops@zebra.example<Tab><Tab><Enter>")
    try console.wait(for: "agriculture")
    console.type("<Enter>")
    try landlord.waitForDraft(of: "agriculture")
    console.send(signal: 9)
    _ = try console.waitForEnd()
    let copy = landlord.state + "/elsewhere"
    let copying = try Program(
      ["/bin/sh", "-c", "mkdir -p '\(copy)' && cp -a '\(landlord.state)/landlord' '\(copy)/'"])
    #expect(try copying.waitForEnd() == .exit(0))

    // When
    func resumed(_ state: String) throws -> Program {
      let console = try landlord.open(environment: ["XDG_STATE_HOME": state])
      try console.wait(for: "0 tenants")
      console.type("c")
      try console.wait(for: "A DRAFT OF YOURS")
      console.answer("y")
      console.settle(milliseconds: 100)
      console.type("<C-o>")
      try console.wait(for: "y saves, n goes back")
      return console
    }
    let (first, second) = (try resumed(landlord.state), try resumed(copy))
    first.answer("y")
    try first.wait(for: "This is the only time it is shown")
    second.answer("y")
    try second.wait(without: "y saves, n goes back")
    second.settle()

    // Then
    #expect(!second.screen.text.contains("This is the only time it is shown"))
    #expect(try landlord.look("SELECT count(*)::text FROM landlord.tenants") == "1")
  }
}
