import Testing

@testable import landlord

/// Options that all commands share may stand before the command's name.
struct ArgumentOrderTests {
  @Test func theyAreMovedBehindTheCommand() {
    #expect(
      Main.inParsersOrder(["--connection", "demo", "tenant", "list", "--limit", "3"])
        == ["tenant", "list", "--limit", "3", "--connection", "demo"])
    #expect(
      Main.inParsersOrder(["--log=f", "--database", "x", "tenant", "show", "--", "-odd"])
        == ["tenant", "show", "--log=f", "--database", "x", "--", "-odd"])
  }

  @Test(arguments: [
    [], ["--connection", "demo"], ["--connection"], ["tenant", "list", "--connection", "demo"], ["--help"],
    ["--connection", "demo", "--color", "never"],
  ])
  func whatHasNoCommandBehindThemStays(_ arguments: [String]) {
    #expect(Main.inParsersOrder(arguments) == arguments)
  }
}
