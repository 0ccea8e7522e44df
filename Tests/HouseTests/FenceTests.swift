import Testing

/// The rules of the rooms, which no compiler holds: a target may import whatever its dependencies depend on.
@Suite struct FenceTests {
  /// What each target may import of ours and of others; the C library and the standard library everywhere.
  private static let allowed: [String: Set<String>] = [
    "Postgres": ["CLibPQ"],
    "TenantStore": ["Postgres", "Crypto", "FoundationEssentials"],
    "Terminal": ["CNcurses", "CSignals"],
    "Console": ["Terminal", "TenantStore", "CPages"],
    "landlord": [
      "Console", "Terminal", "TenantStore", "Postgres", "CPages", "ArgumentParser", "Logging",
      "TOMLKit",
    ],
  ]
  private static let everywhere: Set<String> = ["Swift", "Glibc", "Synchronization"]

  private var sources: [String] { Tree.files(below: "Sources", ending: ".swift") }

  @Test func theTreeIsFound() {
    #expect(sources.count > 20)
    #expect(Tree.imports("Tests/HouseTests/FenceTests.swift") == ["Testing"])
  }

  @Test func eachTargetImportsOnlyItsOwn() {
    for file in sources {
      let target = String(file.split(separator: "/")[1])
      guard let allowed = Self.allowed[target] else {
        Issue.record("\(target) has no line in the table of imports")
        continue
      }
      let foreign = Tree.imports(file).subtracting(allowed).subtracting(Self.everywhere)
      #expect(foreign.isEmpty, "\(file) imports \(foreign.sorted())")
    }
  }

  @Test func oneFileCallsNcursesAndOneCallsLibpq() {
    #expect(sources.filter { Tree.imports($0).contains("CNcurses") } == ["Sources/Terminal/Curses.swift"])
    #expect(sources.filter { Tree.imports($0).contains("CLibPQ") } == ["Sources/Postgres/Connection.swift"])
  }

  @Test func nobodyImportsFoundation() {
    let all = sources + Tree.files(below: "Tests", ending: ".swift")
    #expect(all.filter { Tree.imports($0).contains("Foundation") } == [])
  }

  @Test func aFileIsReadInASitting() {
    // Only one file may call libpq and only one ncurses, so all that calls them is in there.
    let longer = ["Sources/Postgres/Connection.swift": 420, "Sources/Terminal/Curses.swift": 320]
    #expect(sources.filter { Tree.lines($0).count > longer[$0, default: 300] } == [])
    // Pictures of screens are long, and read fast.
    #expect(Tree.files(below: "Tests", ending: ".swift").filter { Tree.lines($0).count > 500 } == [])
  }

  @Test func noFileIsAHelper() {
    let banned = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utilities", "Base", "Common"]
    let all = sources + Tree.files(below: "Tests", ending: ".swift")
    #expect(all.filter { file in banned.contains { file.hasSuffix($0 + ".swift") } } == [])
  }

  @Test func everyMigrationIsEmbedded() {
    let files = Tree.names(in: "Sources/TenantStore/Migrations").filter { $0.hasSuffix(".sql") }
    #expect(files.count > 1)
    let package = Tree.text("Package.swift")
    for file in files {
      #expect(package.contains(".embedInCode(\"Migrations/\(file)\")"), "\(file) is not in Package.swift")
      // Embedding drops the first character of a name that begins with a digit, and hyphens.
      #expect(
        file.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_" || $0 == ".") }, "\(file)"
      )
    }
    let numbers = files.compactMap { $0.hasPrefix("m") ? Int($0.dropFirst().prefix(4)) : nil }
    #expect(numbers == Array(1...max(1, numbers.count)), "migrations are numbered without a gap")
  }

  @Test func theTopHoldsOnlyWhatItShould() {
    let allowed: Set<String> = [
      "Package.swift", "README.md", "LICENSE", "Sources", "Tests", "script", "themes", ".ci", ".gitignore",
      ".swift-format",
      // Made by tools, ignored by git.
      ".git", "Package.resolved", ".swiftpm",
    ]
    let strange = Tree.names(in: ".").filter { !allowed.contains($0) && !$0.hasPrefix(".build") }
    #expect(strange == [])
  }

  @Test func scriptsCanBeRun() {
    let scripts = Tree.files(below: "script") + Tree.files(below: ".ci")
    #expect(scripts.contains("script/test") && scripts.contains("script/console"))
    for script in scripts {
      #expect(Tree.isExecutable(script), "\(script) is not executable")
      #expect(Tree.text(script).hasPrefix("#!"), "\(script) does not say what runs it")
    }
  }

  @Test func dependenciesArePinned() {
    let package = Tree.lines("Package.swift").filter { $0.contains(".package(") }
    #expect(!package.isEmpty)
    for line in package { #expect(line.contains("exact:"), "\(line)") }
  }
}
