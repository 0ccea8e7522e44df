import Testing

/// The audit at the real program: looked at, read on, and proven on a thread of its own.
@Suite(.serialized) struct AuditTests {
  @Test func everybodysAuditIsLookedAtAndProven() throws {
    // Given
    let landlord = Landlord()
    try landlord.onboard("acme", name: "Acme GmbH")
    try landlord.onboard("blue", name: "Blue Ltd")
    let console = try landlord.open()
    try console.wait(for: "2 tenants")

    // When
    console.type("A")
    try console.wait(for: "Audit of everybody")
    try console.wait(for: "register")
    console.type("V")
    try console.wait(for: "All as it was written.")
    console.type("<Esc>")
    try console.wait(for: "2 entries verified")

    // Then
    try landlord.rename("blue", to: "Blue & Co")
    console.type("r")
    try console.wait(for: "update")
    console.type("g<Enter>")
    try console.wait(for: "+ Blue & Co")
    console.type("<Esc>")
    try console.wait(for: "Audit of everybody")
    console.type("o")
    try console.wait(for: "3 in")
    console.type("<Esc><Esc>")
    try console.wait(for: "2 tenants")
    console.type("q")
  }
}
