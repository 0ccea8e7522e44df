import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Every key in every place")
struct KeymapTests {
  /// How to get to each place from the list.
  static let ways: [(place: Place, script: String)] = [
    (.list, ""), (.filterField, "/"), (.detail, "<Enter>"), (.form, "c"),
    (.picker, "c<Tab><Tab><Tab><Tab><Enter>"),
    (.review, "eX<Ctrl-o>"), (.lifecycle, "x"), (.transition, "xd"), (.help, "?"), (.leaving, "cX<Esc>"),
    (.menu, "Y"), (.columns, "C"), (.views, "w"), (.viewName, "ws"), (.prompt, ":"), (.page, "!"),
    (.version, "["), (.run, "p"), (.applying, "pF"), (.verification, "aV"),
  ]

  static func stage(at place: Place) -> Stage {
    var stage = Stage.list()
    switch place {
    case .conflict:
      stage.press("eX<Ctrl-o>y")
      var theirs = Sample.acme
      (theirs.name, theirs.version) = ("Theirs", 4)
      stage.answer(.written(Written(outcome: .stale, tenant: theirs)))
    case .secret, .receipt:
      stage.press("cNova<Tab><Tab>a@nova.example<Tab><Tab><Enter><Enter><Ctrl-o>y")
      stage.answer(.written(Written(outcome: .saved, entryID: 1, tenant: Sample.tenant(9, "nova", "Nova"))))
      if place == .receipt { stage.press("s") }
    case .migration:
      stage = Stage()
      var session = Sample.session
      session.schema = .absent
      stage.answer(.session(session))
    case .bulk:
      stage.press("<Space>b<Enter>why<Ctrl-o>")
      stage.answer(.bulkPreview(BulkPreview(changing: 1)))
      stage.press("y")
      stage.fail(.lockHeld(by: nil)) { if case .bulk = $0 { true } else { false } }
    case .export:
      stage.press("<Space>bjjjjjjj<Enter>")
      stage.fail(.timedOut) { if case .tenants = $0 { true } else { false } }
    case .viewRemoval:
      stage.press("w")
      stage.answer(.views([SavedView(name: "shops", filter: "industry:retail")]))
      stage.press("d")
    case .audit, .event, .activity:
      stage = AuditScreenTests.stage()
      if place == .event { stage.press("<Enter>") }
      if place == .activity {
        stage.press("o")
        stage.answer(.auditActivity(AuditScreenTests.activity))
      }
    case .doctor, .finding:
      stage = DoctorTests.stage()
      if place == .finding { stage.press("<Enter>") }
    case .draft: stage = DraftTests.offered()
    case .intake: stage = IntakeScreenTests.looked()
    case .tooSmall:
      stage.size = Size(columns: 20, lines: 5)
      stage.send(.resized(stage.size))
    case .list, .filterField, .detail, .form, .picker, .review, .lifecycle, .transition, .help, .leaving,
      .menu, .prompt, .page, .columns, .views, .viewName, .version, .run, .applying, .verification:
      stage.press(ways.first { $0.place == place }!.script)
    }
    return stage
  }

  @Test(arguments: Place.allCases) func everyPlaceCanBeReached(_ place: Place) {
    let stage = Self.stage(at: place)
    #expect(stage.app.top == (place == .tooSmall ? .list : place))
  }

  @Test(arguments: Place.allCases) func everyKeyOfTheTableDoesSomethingOrSaysWhy(_ place: Place) {
    for binding in Keymap.standard.bindings(in: place) {
      for key in binding.keys {
        var stage = Self.stage(at: place)
        stage.send(.painted)
        _ = stage.wanted()
        let before = (frame: stage.frame, place: stage.app.top, depth: stage.app.stack.count)
        stage.send(.key(key))
        let isDone =
          stage.frame != before.frame || stage.app.top != before.place
          || stage.app.stack.count != before.depth
          || !stage.wanted().isEmpty
        // A move at the end of what can be moved over, and what is the present state already, need no words.
        let isAtEnd = Movement.allCases.map(Action.move) + [.tenant(.overview)]
        #expect(isDone || isAtEnd.contains { binding.meaning == .screen($0) }, "\(key) in \(place)")
      }
    }
  }

  @Test(arguments: Place.allCases) func aKeyOutsideTheTableSaysThatItDoesNothing(_ place: Place) {
    for key in [Key.function(12), .control("x"), .insert]
    where Keymap.standard.binding(for: key, in: place) == nil {
      var stage = Self.stage(at: place)
      let before = stage.app.stack.count
      stage.send(.key(key))
      guard place != .tooSmall else { continue }
      #expect(stage.status.contains("does nothing here"), "\(key) in \(place)")
      #expect(stage.app.stack.count == before)
    }
  }

  @Test(arguments: Place.allCases) func noScreenCrashesAtAnySize(_ place: Place) {
    var stage = Self.stage(at: place)
    var sizes = [1, 2, 3, 5, 8, 13, 20, 39, 40, 41, 60, 79, 80, 132, 200].flatMap { columns in
      [1, 2, 3, 5, 9, 10, 11, 15, 24, 50].map { Size(columns: columns, lines: $0) }
    }
    for corner in [(500, 200), (1, 1), (500, 1), (1, 200), (500, 200), (40, 10), (500, 10), (40, 200)] {
      sizes.append(Size(columns: corner.0, lines: corner.1))
    }
    for size in sizes {
      stage.size = size
      // Drawn before the console knows of the new size, and after.
      #expect(stage.frame.lines.count <= size.lines)
      stage.send(.resized(size))
      let frame = stage.frame
      #expect(frame.lines.count <= size.lines)
      if let cursor = frame.cursor { #expect(cursor.line < size.lines && cursor.column < size.columns) }
      for key in keys("<PgDn>jG<Left>gk") { stage.send(.key(key)) }
      #expect(stage.frame.lines.count <= size.lines)
    }
  }

  @Test(arguments: Place.allCases) func theFocusHasTheCursor(_ place: Place) {
    #expect(Self.stage(at: place).frame.cursor != nil)
  }

  @Test(arguments: Place.allCases) func noKeyThatOpensAQuestionConfirmsIt(_ place: Place) {
    let confirming: [Action] = [.dialog(.confirm), .dialog(.stored)]
    for binding in Keymap.standard.bindings(in: place)
    where confirming.contains(where: { binding.meaning == .screen($0) }) {
      for other in Place.allCases where other != place {
        var stage = Self.stage(at: other)
        stage.send(.painted)
        for key in binding.keys {
          stage.send(.key(key))
          #expect(stage.app.top != place, "\(key) opens \(place) from \(other) and confirms there")
        }
      }
    }
  }

  @Test func belowTheSmallestSizeOnlyThatIsSaidAndNothingIsDone() {
    var stage = Self.stage(at: .tooSmall)
    stage.expect(
      """
      ▮oo small:
      20x5,
      needs 40x10
      """)
    _ = stage.wanted()
    stage.press("c<Enter>x")
    #expect(stage.app.top == .list)
    #expect(stage.wanted().isEmpty)
    stage.size = Size(columns: 80, lines: 10)
    stage.send(.resized(stage.size))
    #expect(stage.frame.picture.contains("acme"))
  }

  @Test(arguments: Place.allCases) func noKeyMeansTwoThingsInAPlace(_ place: Place) {
    var meanings: [Key: Meaning] = [:]
    for binding in Keymap.standard.bindings(in: place) {
      for key in binding.keys {
        let other = meanings.updateValue(binding.meaning, forKey: key)
        #expect(other == nil, "\(key) in \(place) is \(other.map(\.word) ?? "") and \(binding.meaning.word)")
      }
    }
  }

  @Test func theTableForAManualHasEveryKey() {
    #expect(
      KeyHelp.table.contains(
        KeyHelp(
          place: "list", keys: ["c"], action: "onboard", help: "onboard a tenant", canBeChanged: true)))
    #expect(KeyHelp.table.first { $0.action == "confirm" }?.canBeChanged == false)
    #expect(KeyHelp.table.allSatisfy { !$0.keys.isEmpty && !$0.help.isEmpty })
  }

  @Test func helpListsTheKeysHereThenEverywhere() {
    var stage = Stage.list(lines: 80)
    stage.press("?")
    let lines = stage.frame.picture.split(separator: "\n").map(String.init)
    #expect(lines[1] == " Keys here")
    let everywhere = lines.firstIndex(of: " Keys everywhere")!
    for binding in Keymap.standard.bindings(in: .list) {
      let keys = binding.keys.compactMap(\.name).joined(separator: " ")
      let line = lines.firstIndex { $0.hasPrefix("   " + keys) && $0.hasSuffix(" " + binding.help) }
      let isEverywhere = binding.places.count >= Place.allCases.count - 2
      #expect(line.map { $0 > everywhere } == isEverywhere, "\(keys): \(binding.help)")
    }
    #expect(lines.contains("   Ctrl-c          cancel what is running; again to quit"))
    stage.press("?")
    #expect(stage.app.top == .list)
  }
}
