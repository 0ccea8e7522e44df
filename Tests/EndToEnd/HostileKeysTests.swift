import Testing

/// Input that no person types: bombs, pastes that end themselves, keys held down, answers of the terminal that come late.
@Suite(.serialized) struct HostileKeysTests {
  private func list(_ landlord: Landlord) throws -> Program {
    for number in 101...103 { try landlord.onboard("acme-\(number)", name: "Acme \(number) GmbH") }
    let console = try landlord.open()
    try console.wait(for: "> acme-101")
    return console
  }

  private func expectKeysToBeAnswered(_ console: Program) throws {
    console.type("<Esc>")
    console.settle(milliseconds: 100)
    console.type("<Esc>")
    console.settle(milliseconds: 100)
    console.type("?")
    try console.wait(for: "Keys ")
  }

  @Test(arguments: ["c", "/", ":", "<C-p>", "", "xdwhy<Enter><Enter><Enter>"])
  func aHugePasteIsCutAndKeysGoOn(_ keys: String) throws {
    let landlord = Landlord()
    let console = try list(landlord)
    let before = try landlord.everything()
    console.type(keys)
    console.settle(milliseconds: 100)
    let memory = console.memory
    let bomb = Array(repeating: Array("acme-101\r\n y \u{3} q ".utf8), count: 50_000).joined()
    console.type(bytes: Array("\u{1B}[200~".utf8) + bomb + Array("\u{1B}[201~".utf8))
    console.settle(milliseconds: 500)
    #expect(console.memory < memory + 20_000, "from \(memory) to \(console.memory) KiB")
    #expect(console.endUnread(seconds: 0) == nil)
    #expect(try landlord.everything() == before)
    if !keys.hasPrefix("c") { try expectKeysToBeAnswered(console) }
  }

  /// What stands behind the mark inside of it arrives as keys, all at once: they ask for nothing that a person has not seen.
  @Test(arguments: ["", "e", "c", "xd", "/"]) func aPasteThatEndsItselfChangesNothing(_ keys: String) throws {
    let landlord = Landlord()
    let console = try list(landlord)
    let before = try landlord.everything()
    console.type(keys)
    console.settle(milliseconds: 100)
    console.type("\u{1B}[200~why\u{1B}[201~\r\racme-101\r\r<C-o>yyy\r\r\u{1B}[201~xdwhy\racme-101\r\ryyy")
    console.settle(milliseconds: 300)
    #expect(try landlord.everything() == before)
    #expect(console.endUnread(seconds: 0) == nil)
  }

  @Test func aKeyHeldDownConfirmsOnce() throws {
    let landlord = Landlord()
    let console = try list(landlord)
    console.type("eX<C-o>")
    try console.wait(for: "y saves")
    console.settle(milliseconds: 100)
    for _ in 0..<40 {
      console.type("y")
      console.settle(milliseconds: 20)
    }
    try console.wait(for: "Receipt")
    #expect(
      try landlord.look("SELECT string_agg(version::text, ',' ORDER BY site_id) FROM landlord.tenants")
        == "2,1,1")
  }

  @Test(arguments: ["", "x", "xd", "e", "c", "b", "<Space>b", "z", "w", "t", ":", "<C-p>"])
  func enterHeldDownAsksForNothing(_ keys: String) throws {
    let landlord = Landlord()
    let console = try list(landlord)
    let before = try landlord.everything()
    console.type(keys)
    for _ in 0..<60 {
      console.type("<Enter>")
      console.settle(milliseconds: 10)
    }
    #expect(try landlord.everything() == before)
    #expect(console.endUnread(seconds: 0) == nil)
  }

  @Test func sequencesThatArriveInPiecesAndLateAnswersPressNothingElse() throws {
    let landlord = Landlord()
    let console = try list(landlord)
    let before = try landlord.everything()
    // An arrow in three pieces, close together, is an arrow. On a busy machine they may come too far apart: then once more.
    for _ in 0..<20 {
      for byte in Array("\u{1B}[B".utf8) {
        console.type(bytes: [byte])
        console.settle(milliseconds: 5)
      }
      console.settle(milliseconds: 100)
      guard !console.screen.text.contains("> acme-102") else { break }
      console.type("<Esc>")
      console.settle(milliseconds: 100)
    }
    try console.wait(for: "> acme-102")
    // What a terminal says late, whole and in pieces with pauses that are too long.
    for answer in [
      "\u{1B}[?64;1;2;6c", "\u{1B}]11;rgb:1a1a/1b1b/1c1c\u{1B}\\", "\u{1B}]10;rgb:ffff/ffff/ffff\u{7}",
      "\u{1B}[24;80R", "\u{1B}[0n", "\u{1B}P>|XTerm(390)\u{1B}\\", "\u{1B}[?2026;2$y", "\u{1B}[I\u{1B}[O",
      "\u{1B}P1+r544e=787465726d\u{1B}\\", "\u{1B}_Gi=31;OK\u{1B}\\", "\u{1B}[>41;390;0c", "\u{0}\u{0}",
    ] {
      console.type(answer)
      console.settle(milliseconds: 20)
      for byte in Array(answer.utf8) {
        console.type(bytes: [byte])
        if byte == 0x1B { console.settle(milliseconds: 80) }
      }
      console.settle(milliseconds: 80)
    }
    #expect(try landlord.everything() == before)
    #expect(console.endUnread(seconds: 0) == nil)
    try expectKeysToBeAnswered(console)
  }
}
