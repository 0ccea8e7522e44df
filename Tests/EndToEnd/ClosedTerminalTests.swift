import Glibc
import Testing

/// The terminal is closed under a program that was told to ignore the signal which says so, as nohup does. It ends
/// all the same, instead of spinning on a terminal that is gone.
@Suite(.serialized) struct ClosedTerminalTests {
  private static let deaf = "trap '' HUP"

  private func list(_ landlord: Landlord) throws -> Program {
    try landlord.onboard("acme", name: "Acme GmbH")
    let console = try landlord.open(told: Self.deaf)
    try console.wait(for: "Acme GmbH")
    return console
  }

  @Test(arguments: ["", "<Enter>", "?", "/acme", "xd", "a"]) func whereverOneIs(_ keys: String) throws {
    let console = try list(Landlord())
    console.type(keys)
    console.settle()
    #expect(console.hangUp(seconds: 20) == .signal(SIGHUP))
  }

  @Test func withTypingInAFormThatIsThenOfferedAgain() throws {
    let landlord = Landlord()
    let console = try list(landlord)
    console.type("c")
    try console.wait(for: "Onboard a tenant")
    console.settle()
    // The last keys come right before the line drops.
    console.type("Zebra Ltd")
    try console.wait(for: "Zebra Ltd")
    #expect(console.hangUp(seconds: 20) == .signal(SIGHUP))
    let next = try landlord.open()
    try next.wait(for: "Acme GmbH")
    next.type("c")
    try next.wait(for: "A DRAFT OF YOURS")
    next.answer("y")
    try next.wait(for: "Zebra Ltd")
  }

  @Test func inTheMiddleOfAPaint() throws {
    let landlord = Landlord()
    for number in 1...60 { try landlord.onboard("acme-\(100 + number)", name: "Acme \(number) GmbH") }
    let console = try landlord.open(told: Self.deaf, lines: 50, columns: 200)
    try console.wait(for: "> acme-101")
    console.settle()
    // Nobody reads, so the terminal is full in the midst of a paint.
    for number in 0..<200 {
      console.type(number % 2 == 0 ? "<End>" : "<Home>")
      usleep(2_000)
    }
    #expect(console.hangUp(seconds: 20) == .signal(SIGHUP))
  }

  @Test func whileAReadWaitsAndNothingStaysOnTheServer() throws {
    let landlord = Landlord()
    let console = try list(landlord)
    try landlord.whileTenantsAreLocked {
      console.type("r")
      console.settle()
      #expect(console.hangUp(seconds: 20) == .signal(SIGHUP))
    }
    #expect(try landlord.backends { $0 == 0 } == 0)
  }

  @Test(arguments: [["--plain"], ["audit", "list", "--follow"]])
  func commandsThatGoOnEndToo(_ arguments: [String]) throws {
    let program = try Landlord().open(arguments, told: Self.deaf)
    // It is deaf to the signal only once it has begun.
    if arguments == ["--plain"] { try program.wait(for: "Main menu") }
    program.settle(milliseconds: 500)
    #expect(program.endUnread(seconds: 0) == nil)
    #expect(program.hangUp(seconds: 20) != nil)
  }
}
