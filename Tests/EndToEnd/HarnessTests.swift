import Glibc
import Testing

/// The harness itself, held to programs that every system has: what it says of landlord must be true.
@Suite(.serialized) struct HarnessTests {
  @Test func whatIsTypedIsSeen() throws {
    let cat = try Program(["/bin/cat"])
    cat.type("grüße 日本<Enter>")
    try cat.wait(until: { $0.text == "grüße 日本\ngrüße 日本" }, what: "the line and its echo")
    cat.type("<C-d>")
    #expect(try cat.waitForEnd() == .exit(0))
    #expect(cat.lineModesAreRestored)
    #expect(cat.received > 20)
  }

  @Test func aTerminalLeftInDisorderIsNoticed() throws {
    // Given: a program that turns everything on and goes.
    let script = "stty raw -echo; printf '\\033[?1049h\\033[?25l\\033[?1000h\\033[?2004hleft'"
    let shell = try Program(["/bin/sh", "-c", script])

    // When
    #expect(try shell.waitForEnd() == .exit(0))

    // Then
    #expect(
      shell.screen.modes
        == VirtualTerminal.Modes(otherScreen: true, cursorShown: false, mouse: true, bracketedPaste: true))
    #expect(!shell.lineModesAreRestored)
  }

  @Test func coloursAndAttributesAreSeen() throws {
    let shell = try Program(["/bin/sh", "-c", "printf 'a\\033[1;31;44mB\\033[0;4;7mc\\033[m'; sleep 5"])
    try shell.wait(for: "aBc")
    #expect(shell.screen.cell(line: 0, column: 0) == VirtualTerminal.Cell(text: "a"))
    #expect(
      shell.screen.cell(line: 0, column: 1)
        == VirtualTerminal.Cell(text: "B", isBold: true, foreground: 1, background: 4))
    #expect(
      shell.screen.cell(line: 0, column: 2)
        == VirtualTerminal.Cell(text: "c", isUnderlined: true, isReversed: true))
    #expect(shell.screen.cursor.column == 3)
  }

  @Test func itIsTheControllingTerminal() throws {
    // Ctrl-c reaches the program only as a signal of its controlling terminal.
    let shell = try Program([
      "/bin/sh", "-c", "trap 'echo caught; exit 7' INT; echo ready; while :; do sleep 0.05; done",
    ])
    try shell.wait(for: "ready")
    shell.type("<C-c>")
    try shell.wait(for: "caught")
    #expect(try shell.waitForEnd() == .exit(7))
  }

  @Test func theSizeIsSeenAndChanges() throws {
    let script = "trap 'stty size' WINCH; stty size; while :; do sleep 0.05; done"
    let shell = try Program(["/bin/sh", "-c", script], lines: 11, columns: 44)
    try shell.wait(for: "11 44")
    shell.resize(lines: 9, columns: 33)
    try shell.wait(for: "9 33")
  }

  @Test func aWaitThatIsInVainShowsTheScreen() throws {
    let shell = try Program(["/bin/sh", "-c", "echo this is here; sleep 5"])
    try shell.wait(for: "here")
    let failure = #expect(throws: Failure.self) { try shell.wait(for: "something else", seconds: 0.2) }
    #expect(failure?.description.contains("this is here") == true)
  }

  @Test func theEndByASignalIsTold() throws {
    let shell = try Program(["/bin/sh", "-c", "kill -SEGV $$"])
    #expect(try shell.waitForEnd() == .signal(SIGSEGV))
  }
}
