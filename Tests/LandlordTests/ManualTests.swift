import ArgumentParser
import Console
import Testing

@testable import landlord

/// The manual page and the completions say what the program does, all of it.
struct ManualTests {
  private let page = ManualPage.text

  @Test func everyCommandStandsInItWithItsOptions() {
    let leaves = ManualPage.leaves(of: Landlord.self, [])
    #expect(leaves.count > 15)
    for (path, _) in leaves {
      let words = ManualPage.escaped((["landlord"] + path).joined(separator: " "))
      #expect(page.contains(".SS \(words)\n"), "\(path)")
    }
    #expect(page.contains(ManualPage.escaped("--if-version")))
  }

  @Test func everyKeyAndExitCodeStandsInIt() {
    for key in KeyHelp.table {
      let keys = ManualPage.escaped(key.keys.joined(separator: ", "))
      #expect(page.contains(".B \(keys)\n\(ManualPage.escaped(key.help))"), "\(key.place): \(keys)")
    }
    for status in ExitStatus.allCases {
      #expect(page.contains(".B \(status.rawValue)\n\(status.words)\n"))
    }
  }

  @Test func noLineOfTextIsTakenForARequest() {
    let known = ["TH", "SH", "SS", "TP", "B", "nf", "fi", "PP"]
    for line in page.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
      #expect(known.contains(String(line.dropFirst().prefix { $0 != " " })), "\(line)")
    }
    #expect(ManualPage.escaped(".\\-'") == "\\&.\\e\\-'")
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func aShellGetsItsCompletions(_ shell: String) {
    let outcome = Program.run(["completions", shell])
    #expect(outcome.status == 0)
    for word in ["reactivate", "if-version", "catalogue"] {
      #expect(outcome.output.contains(word), "\(word)")
    }
    #expect(Program.run(["completions", "cmd"]).status == 64)
  }

  @Test func theManualIsPrinted() {
    let outcome = Program.run(["man"])
    #expect(outcome.status == 0 && outcome.output == page)
  }
}
