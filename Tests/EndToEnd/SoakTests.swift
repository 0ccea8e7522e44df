import TestServer
import Testing

/// A long day of use in a short time.
@Suite(.serialized) struct SoakTests {
  /// Every fifty milliseconds the list is read again, while tenants change and come, the window changes its size, themes are
  /// looked at, screens are opened and left, and now and then the server ends the line.
  private func use(_ console: Program, _ landlord: Landlord, rounds: Range<Int>) throws {
    let screens = ["<Enter>", "<Enter>3", "a", "cZebra", "?", "xd", "w", "C", "<C-p>acme", "!", "p", "/acme"]
    for round in rounds {
      console.type("r<Down>")
      console.settle(milliseconds: 10)
      console.type(screens[round % screens.count])
      console.settle(milliseconds: 20)
      console.type("<Esc><Esc>")
      // What is typed into a form is asked after.
      console.settle(milliseconds: 10)
      console.type("y<Esc><Esc>")
      if round % 3 == 0 { console.type("t<Down><Enter>") }
      console.resize(lines: 20 + round % 10, columns: 70 + round % 30)
      try landlord.rename("acme-\(101 + round % 20)", to: "Acme \(round)")
      console.settle(milliseconds: 10)
      guard round % 20 == 19 else { continue }
      _ = try landlord.killBackends()
      try console.wait(for: "primary")
    }
    console.type("<Esc><Esc>")
    console.settle()
  }

  @Test func itHoldsNoMoreAfterALongTimeThanAfterAShortOne() throws {
    // Given: everything was used once.
    let landlord = Landlord()
    for number in 1...20 { try landlord.onboard("acme-\(100 + number)", name: "Acme \(number) GmbH") }
    let console = try landlord.open()
    try console.wait(for: "> acme-101")
    try use(console, landlord, rounds: 0..<60)
    let (memory, descriptors, backends) = (console.memory, console.descriptors, try landlord.backends())

    // When
    try use(console, landlord, rounds: 60..<(Length.isLong ? 3_000 : 120))

    // Then
    #expect(console.memory < memory + 3_000, "from \(memory) to \(console.memory) KiB")
    #expect(console.descriptors <= descriptors + 1, "from \(descriptors) to \(console.descriptors)")
    #expect(try landlord.backends { $0 <= max(2, backends) } <= max(2, backends))
    #expect(try landlord.look("SELECT count(*)::text FROM landlord.tenants") == "20")
    console.resize(lines: 24, columns: 80)
    console.type("q")
    #expect(try console.waitForEnd() == .exit(0))
    #expect(console.lineModesAreRestored)
  }
}
