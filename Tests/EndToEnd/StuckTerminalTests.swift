import Glibc
import Testing

/// Terminals that do not read, that change their size all the time, or that are of another kind than they say.
@Suite(.serialized) struct StuckTerminalTests {
  private func tenants(_ count: Int) throws -> Landlord {
    let landlord = Landlord()
    for number in 1...count { try landlord.onboard("acme-\(100 + number)", name: "Acme \(number) GmbH") }
    return landlord
  }

  /// Nobody reads: the terminal is full, and far more is painted than it holds.
  private func stuck() throws -> Program {
    let console = try tenants(60).open(lines: 50, columns: 200)
    try console.wait(for: "> acme-101")
    console.settle()
    for number in 0..<400 {
      console.type(number % 2 == 0 ? "<End>" : "<Home>")
      usleep(2_000)
    }
    return console
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP]) func aSignalIsServedThoughNobodyReads(_ signal: Int32) throws {
    let console = try stuck()
    console.send(signal: signal)
    #expect(console.endUnread(seconds: 20) == .signal(signal))
  }

  @Test func quittingNeedsNoReader() throws {
    let console = try stuck()
    console.type("q")
    #expect(console.endUnread(seconds: 20) == .exit(0))
  }

  @Test func aTerminalThatIsClosedUnreadEndsIt() throws {
    let console = try stuck()
    #expect(console.hangUp(seconds: 20) == .signal(SIGHUP))
  }

  @Test func whoReadsAgainInTimeFindsTheTerminalAsItWas() throws {
    let console = try stuck()
    console.send(signal: SIGTERM)
    usleep(100_000)
    #expect(try console.waitForEnd(seconds: 20) == .signal(SIGTERM))
    #expect(console.screen.modes == VirtualTerminal.Modes(), "\(console.failure("modes left behind"))")
    #expect(console.lineModesAreRestored)
  }

  /// A modem's 300 baud are 30 characters a second; here a second takes ten milliseconds. Without a bound three hundred steps
  /// would put some forty kilobytes on the line, to be read for twenty minutes.
  @Test func overASlowLineAHeldKeyDoesNotRunAhead() throws {
    let console = try tenants(60).open()
    try console.wait(for: "> acme-101")
    console.settle()
    for _ in 0..<300 {
      console.type("<Down>")
      usleep(10_000)
      console.take(atMost: 30)
    }
    #expect(console.settle() < 3_000)
    try console.wait(for: "> acme-160")
  }

  @Test func memoryDoesNotGrowWhileNobodyReads() throws {
    let console = try stuck()
    let before = console.memory
    for number in 0..<1_000 {
      console.type(number % 2 == 0 ? "<End>" : "<Home>")
      usleep(1_000)
    }
    // Frames are dropped and not kept: each is some ten kilobytes.
    #expect(console.memory < before + 2_000)
    // And the newest is what one sees who reads again.
    console.type("<Home>")
    try console.wait(for: "> acme-101")
    console.type("q")
    #expect(try console.waitForEnd() == .exit(0))
  }

  @Test(arguments: ["", "<Enter>", "c", "e", "?", "xd", "/", ":", "<C-p>", "w", "a", "i", "C"])
  func aStormOfSizesIsSurvivedOnEveryScreen(_ keys: String) throws {
    let console = try tenants(3).open()
    try console.wait(for: "> acme-101")
    console.type(keys)
    console.settle(milliseconds: 50)
    for number in 0..<100 {
      console.resize(
        lines: [1, 2, 9, 10, 24, 50, 200][number % 7], columns: [1, 3, 39, 40, 80, 133, 500][number * 3 % 7])
      if number % 5 == 0 { console.type("<Down>") }
    }
    console.resize(lines: 24, columns: 80)
    console.type("<Esc>")
    console.settle(milliseconds: 100)
    console.type("<Esc>")
    try console.wait(for: "acme-101")
    #expect(console.endUnread(seconds: 0) == nil)
  }

  @Test(arguments: [
    ["LC_ALL": "POSIX"], ["LC_ALL": "en_US.ISO-8859-1"], ["LC_ALL": "xx_YY.UTF-8"], ["LANG": ""],
    ["LC_ALL": "", "LC_CTYPE": "nonsense", "LANG": "de_DE@euro"],
  ])
  func everyLocaleIsServed(_ environment: [String: String]) throws {
    let console = try tenants(1).open(environment: environment)
    try console.wait(for: "Acme 1 GmbH")
    console.type("q")
    #expect(try console.waitForEnd() == .exit(0))
    #expect(console.lineModesAreRestored)
  }

  @Test(arguments: [
    "linux", "screen", "screen-256color", "tmux", "tmux-256color", "vt100", "vt220", "xterm", "ansi",
  ])
  func everyTerminalIsLeftAsItWas(_ type: String) throws {
    let console = try tenants(1).open(environment: ["TERM": type])
    try console.wait(for: "Acme 1 GmbH")
    console.type("<Down><Enter>")
    try console.wait(for: "Overview")
    console.type("<Esc>")
    console.settle()
    console.type("q")
    #expect(try console.waitForEnd() == .exit(0))
    #expect(console.lineModesAreRestored)
    #expect(!console.screen.modes.bracketedPaste && !console.screen.modes.mouse)
    #expect(console.screen.modes.cursorShown)
  }
}
