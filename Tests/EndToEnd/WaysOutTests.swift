import Glibc
import Testing

/// However the program ends, or is stopped, the terminal is as it was.
@Suite(.serialized) struct WaysOutTests {
  private func openList(_ landlord: Landlord = Landlord()) throws -> Program {
    let console = try landlord.open()
    try console.wait(for: "0 tenants")
    #expect(
      console.screen.modes
        == VirtualTerminal.Modes(otherScreen: true, cursorShown: true, mouse: false, bracketedPaste: true))
    #expect(!console.lineModesAreRestored)
    return console
  }

  private func expectRestored(_ console: Program) {
    #expect(console.screen.modes == VirtualTerminal.Modes(), "\(console.failure("modes left behind"))")
    #expect(console.lineModesAreRestored)
  }

  /// The shell has the terminal, and reads.
  private func waitForPrompt(_ shell: Program) throws {
    try shell.wait(
      until: { $0.text.split(whereSeparator: \.isWhitespace).last == "shell>" }, what: "the shell's prompt")
  }

  @Test func quitRestoresTheTerminal() throws {
    let console = try openList()
    console.type("q")
    #expect(try console.waitForEnd() == .exit(0))
    expectRestored(console)
    #expect(console.screen.text == "")
  }

  @Test func twoCtrlCEndIt() throws {
    let console = try openList()
    console.type("<C-c>")
    console.settle()
    console.type("<C-c>")
    _ = try console.waitForEnd()
    expectRestored(console)
  }

  // SIGILL and SIGTRAP are what a trap of ours raises, on either kind of processor.
  @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS])
  func aSignalRestoresTheTerminalAndIsSeenByTheShell(_ signal: Int32) throws {
    let console = try openList()
    console.send(signal: signal)
    #expect(try console.waitForEnd() == .signal(signal))
    expectRestored(console)
  }

  @Test func itDoesNotOutliveItsTerminal() throws {
    let console = try openList()
    #expect(console.hangUp() == .signal(SIGHUP))
  }

  @Test func ctrlZGivesTheTerminalToTheShellAndFgTakesItBack() throws {
    // Given: a shell with job control, as a person has.
    let landlord = Landlord()
    let shell = try Program(
      ["/bin/bash", "--norc", "--noprofile", "-i"],
      environment: ["LANDLORD_DATABASE": landlord.conninfo, "PS1": "shell> ", "INPUTRC": "/dev/null"])
    try shell.wait(for: "shell>")
    shell.type("\(Landlord.path)<Enter>")
    try shell.wait(for: "0 tenants")

    // When
    shell.type("<C-z>")

    // Then: the shell's own screen, and it works.
    try shell.wait(for: "Stopped")
    try waitForPrompt(shell)
    #expect(!shell.screen.modes.otherScreen)
    #expect(!shell.screen.text.contains("tenants"))
    shell.type("echo in the shell<Enter>")
    try shell.wait(until: { $0.text.contains("\nin the shell") }, what: "the shell's answer")
    try waitForPrompt(shell)

    // When
    shell.type("fg<Enter>")
    try shell.wait(for: "0 tenants")
    #expect(shell.screen.modes.otherScreen && shell.screen.modes.bracketedPaste)
    shell.type("?")
    try shell.wait(for: "Keys here")
    shell.type("<Esc>")
    try shell.wait(for: "0 tenants")
    shell.type("q")
    // What is typed before the shell has the terminal again is thrown away with what was typed for the console.
    try waitForPrompt(shell)
    shell.type("exit<Enter>")
    #expect(try shell.waitForEnd() == .exit(0))
  }

  @Test func aFormIsAsItWasAfterCtrlZAndInAnotherSize() throws {
    let landlord = Landlord()
    let shell = try Program(
      ["/bin/bash", "--norc", "--noprofile", "-i"],
      environment: [
        "LANDLORD_DATABASE": landlord.conninfo, "XDG_STATE_HOME": landlord.state, "PS1": "shell> ",
        "INPUTRC": "/dev/null",
      ])
    try shell.wait(for: "shell>")
    shell.type("\(Landlord.path)<Enter>")
    try shell.wait(for: "0 tenants")
    shell.type("cZebra Ltd")
    try shell.wait(for: "Zebra Ltd")
    for columns in [60, 120] {
      shell.type("<C-z>")
      try waitForPrompt(shell)
      shell.resize(lines: 20, columns: columns)
      shell.type("fg<Enter>")
      try shell.wait(for: "Zebra Ltd")
      #expect(shell.screen.modes.otherScreen && shell.screen.modes.bracketedPaste)
    }
    shell.type("!")
    try shell.wait(for: "Zebra Ltd!")
  }

  @Test func standardErrorIsKeptForAfterTheScreen() throws {
    // Given: a library, or a trap, says something while the screen is up.
    let console = try openList()
    console.settle()
    let errors = Glibc.open("/proc/\(console.process)/fd/2", O_WRONLY | O_APPEND | O_CLOEXEC)
    try #require(errors >= 0)
    defer { close(errors) }
    let message = Array("a notice\n".utf8)
    #expect(write(errors, message, message.count) == message.count)
    #expect(console.settle() == 0)

    // When
    console.type("q")
    #expect(try console.waitForEnd() == .exit(0))

    // Then
    #expect(console.screen.text == "a notice")
  }

  @Test func aTrapSaysWhatItSaidAfterTheScreen() throws {
    let console = try openList()
    let errors = Glibc.open("/proc/\(console.process)/fd/2", O_WRONLY | O_APPEND | O_CLOEXEC)
    try #require(errors >= 0)
    defer { close(errors) }
    let message = Array("Fatal error: a broken rule\n".utf8)
    #expect(write(errors, message, message.count) == message.count)
    console.send(signal: SIGILL)
    #expect(try console.waitForEnd() == .signal(SIGILL))
    #expect(console.screen.text.hasPrefix("Fatal error: a broken rule\nlandlord: crashed (SIGILL); "))
    expectRestored(console)
  }

  @Test(arguments: ["dumb", "nonsense", ""])
  func aTerminalThatCannotServeIsSaidAndTheWayRoundIt(_ type: String) throws {
    let console = try Landlord().open(environment: ["TERM": type])
    let ending = try console.waitForEnd()
    #expect(ending == .exit(1))
    #expect(console.screen.text.contains(type.isEmpty ? "TERM is not set" : "\"\(type)\""))
    #expect(console.screen.text.contains("landlord --plain"))
    expectRestored(console)
  }
}
