import Testing

/// The table of what goes wrong names tests that are there.
@Suite struct FaultsTests {
  private var rows: [Substring] {
    Tree.lines("Tests/Faults.md").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| case |") }
  }

  @Test func everyTestThatTheTableNamesIsThere() {
    let sources = Tree.files(below: "Tests", ending: ".swift").map(Tree.text)
    let names = rows.joined().split(separator: "`").filter { $0.contains("Tests.") && !$0.contains(" ") }
    #expect(names.count > 50)
    for name in names {
      let parts = name.split(separator: ".")
      let isThere = sources.contains { source in
        source.contains("func \(parts[1])(")
          && ["struct", "extension"].contains { source.contains("\($0) \(parts[0]) ") }
      }
      #expect(isThere, "\(name)")
    }
  }

  @Test func everyRowNamesATestOrSaysWhyThereIsNone() {
    for row in rows {
      let cells = row.split(separator: "|", omittingEmptySubsequences: false)
      #expect(cells.count == 5 && (cells[3].contains("Tests.") || cells[3].hasPrefix(" none: ")), "\(row)")
    }
  }
}
