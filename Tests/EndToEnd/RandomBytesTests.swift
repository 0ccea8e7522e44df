import Glibc
import TestServer
import Testing

/// The real program under random bytes, and under keys that come before what they would answer.
@Suite(.serialized) struct RandomBytesTests {
  private func tenants(_ count: Int) throws -> Landlord {
    let landlord = Landlord()
    for number in 1...count { try landlord.onboard("acme-\(100 + number)", name: "Acme \(number) GmbH") }
    return landlord
  }

  /// Without Ctrl-o, with which a person says that a form is to be reviewed, no change can be asked for by chance. Ctrl-z
  /// would stop it for good here, where no shell is.
  @Test func randomBytesChangeNothingAndTheProgramLives() throws {
    let landlord = try tenants(5)
    let before = try landlord.everything()
    var random = SystemRandomNumberGenerator()
    let beginnings = ["\u{1B}[", "\u{1B}[200~", "\u{1B}[201~", "\u{1B}[<0;3;3M", "\u{1B}]52;"]
    var console = try landlord.open()
    try console.wait(for: "> acme-101")
    for round in 0..<(Length.isLong ? 20_000 : 150) {
      var bytes = (0..<Int.random(in: 1...40)).map { _ in UInt8.random(in: 0...255, using: &random) }
      if Bool.random() { bytes += Array(beginnings.randomElement()!.utf8) }
      bytes.removeAll { [0x0F, 0x1A].contains($0) }
      console.type(bytes: bytes)
      if round % 5 == 0 { console.settle(milliseconds: 20) }
      if let ending = console.endUnread(seconds: 0) {
        // It was told to quit, or to show another connection than this one.
        #expect(ending == .exit(0) || ending == .exit(1), "\(bytes)")
        console = try landlord.open()
        try console.wait(for: "acme-101")
      }
    }
    console.settle()
    #expect(try landlord.everything() == before)
    console.send(signal: SIGTERM)
    #expect(try console.waitForEnd() == .signal(SIGTERM))
    #expect(console.lineModesAreRestored)
  }

  /// What is typed before a question is on the screen answers nothing.
  @Test(arguments: [
    "eX<C-o>y", "xdwhy<Enter>acme-101<Enter>y", "cNova<Tab><Tab>a@b.example<C-o>y",
    "<Space>b<Enter>why<C-o>y",
  ])
  func typedAheadNothingIsChanged(_ keys: String) throws {
    let landlord = try tenants(2)
    let before = try landlord.everything()
    let console = try landlord.open()
    try console.wait(for: "> acme-101")
    console.type(keys)
    console.settle(milliseconds: 300)
    #expect(try landlord.everything() == before)
    #expect(console.endUnread(seconds: 0) == nil)
  }
}
