import Glibc
import Testing

@testable import Terminal

/// The program crashes, with the screen up or without.
@Suite(.serialized) struct CrashTests {
  private func text(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer.prefix(count), as: UTF8.self)
  }

  private func line(_ name: String, _ note: String) -> String {
    "landlord: crashed (\(name)); a note of it, without any data, is in \(note)"
  }

  @Test(arguments: [
    (SIGSEGV, "SIGSEGV", "", "list"), (SIGABRT, "SIGABRT", "<Enter>", "detail"),
    (SIGILL, "SIGILL", "eZebra", "form"), (SIGTRAP, "SIGTRAP", "xdgone<Enter>", "transition"),
    (SIGBUS, "SIGBUS", "/Secret", "filterField"), (SIGFPE, "SIGFPE", "a", "audit"),
    (SIGSEGV, "SIGSEGV", ":open Secret", "prompt"), (SIGSEGV, "SIGSEGV", "c", "form"),
  ])
  func aCrashGivesTheTerminalBackAndLeavesANoteWithoutData(
    _ signal: Int32, _ name: String, _ keys: String, _ place: String
  ) throws {
    // Given: a tenant on the screen, and something typed.
    let landlord = Landlord()
    try landlord.onboard("acme", name: "Secretive GmbH")
    let console = try landlord.open(columns: 200)
    try console.wait(for: "Secretive GmbH")
    console.answer(keys)
    console.settle()

    // When
    console.send(signal: signal)

    // Then
    #expect(try console.waitForEnd(seconds: 20) == .signal(signal))
    #expect(console.screen.modes == VirtualTerminal.Modes() && console.lineModesAreRestored)
    let note = landlord.state + "/landlord/crash.txt"
    #expect(console.screen.text == line(name, note))
    let lines = text(note)?.split(separator: "\n").map(String.init) ?? []
    #expect(lines.count == 3 && lines[0].hasPrefix("landlord "), "\(lines)")
    #expect(lines.dropFirst() == ["signal \(name)", "place \(place)"])
    var facts = stat()
    #expect(stat(note, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
  }

  /// A stack that is too small for the program to begin on: what overflows is real, and so is what is done about it.
  @Test func aStackOverflowOfTheProgramIsSaidAndNoted() throws {
    let landlord = Landlord()
    let console = try landlord.open(told: "ulimit -s 80", columns: 200)
    #expect(try console.waitForEnd() == .signal(SIGSEGV))
    let note = landlord.state + "/landlord/crash.txt"
    #expect(console.screen.text == line("SIGSEGV", note))
    #expect(text(note)?.contains("\nsignal SIGSEGV\n") == true)
    #expect(console.lineModesAreRestored)
  }

  @Test func aStackOverflowUnderTheScreenGivesTheTerminalBack() async throws {
    let terminal = try PseudoTerminal(lines: 24, columns: 80)
    let (before, path) = (terminal.modes, terminal.name)
    await #expect(processExitsWith: .signal(SIGSEGV)) { [path = path as String] in
      CrashNote.arm(path: "/nonexistent/crash.txt", version: "0")
      let curses = try Curses(
        on: Device(path: path), type: "xterm-256color", colour: .automatic, theme: .terminal)
      curses.show(Frame(size: curses.size, lines: [Line("before the fall")]))
      exit(Int32(truncatingIfNeeded: fall(from: 1)))
    }
    let screen = VirtualTerminal(lines: 24, columns: 80)
    var heard: [UInt8] = []
    while case let bytes = terminal.read(milliseconds: 50), !bytes.isEmpty { heard += bytes }
    _ = screen.write(heard)
    #expect(String(decoding: heard, as: UTF8.self).contains("before the fall"))
    #expect(screen.modes == VirtualTerminal.Modes())
    #expect(terminal.modes == before)
  }

  @Test func whereNoNoteCanBeWrittenNoneIsClaimed() throws {
    let landlord = Landlord()
    let file = landlord.state + "/landlord"
    fclose(fopen(file, "w"))
    let console = try landlord.open()
    try console.wait(for: "0 tenants")
    console.send(signal: SIGSEGV)
    #expect(try console.waitForEnd(seconds: 20) == .signal(SIGSEGV))
    #expect(console.screen.text == "landlord: crashed (SIGSEGV)")
  }

  @Test func anOlderNoteALinkAndAPipeGiveWay() throws {
    let landlord = Landlord()
    let note = landlord.state + "/landlord/crash.txt"
    mkdir(landlord.state + "/landlord", 0o700)
    let other = landlord.state + "/other"
    fclose(fopen(other, "w"))
    for prepare in [{ symlink(other, note) }, { mkfifo(note, 0o644) }, { 0 }] {
      unlink(note)
      #expect(prepare() == 0)
      let console = try landlord.open()
      try console.wait(for: "0 tenants")
      console.send(signal: SIGSEGV)
      #expect(try console.waitForEnd(seconds: 20) == .signal(SIGSEGV))
      #expect(text(note)?.contains("signal SIGSEGV") == true)
      #expect(text(other) == "")
    }
  }

  /// Memory holds what was typed, and secrets.
  @Test(arguments: [SIGSEGV, SIGQUIT]) func noCoreFileIsLeft(_ signal: Int32) throws {
    let landlord = Landlord()
    let console = try landlord.open(told: "ulimit -c unlimited; cd \(landlord.state)")
    try console.wait(for: "0 tenants")
    console.send(signal: signal)
    #expect(try console.waitForEnd(seconds: 20) == .signal(signal))
    #expect(console.hasDumpedCore == false)
  }
}

/// Deeper than any stack.
private func fall(from depth: Int) -> Int { depth == 0 ? 0 : 1 &+ fall(from: depth &+ 1) }
