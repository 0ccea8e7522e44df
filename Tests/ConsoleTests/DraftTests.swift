import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Drafts of forms")
struct DraftTests {
  static let session: Session = {
    var session = Sample.session
    session.installation = "here"
    return session
  }()
  static let name = DraftName(.onboard, session)!
  static let kept = Draft(
    saved: Sample.ago(seconds: 600), requestID: Sample.id(0x77), tenantID: Sample.id(0x78),
    values: [
      .init(row: "tenantName", entries: ["Nova Retail"]), .init(row: "siteId", entries: ["nova"]),
      .init(row: "contactEmail", entries: ["ops@nova.example"]),
      .init(row: "businessIndustry", entries: ["retail"]),
      .init(row: "allowedOrigins", entries: ["https://nova.example", ""]),
    ])

  /// A form that is open, and what lies there is known.
  static func open(_ news: DraftNews, _ script: String = "c", name: DraftName = name) -> Stage {
    var stage = Stage.list(session: session)
    stage.press(script)
    stage.send(.draft(name, news))
    return stage
  }

  static func offered() -> Stage { open(.found(kept.text)) }

  private func drafts(_ effects: [Effect]) -> [Effect] {
    effects.filter {
      switch $0 {
      case .openDraft, .keepDraft, .closeDraft, .wakeAfter(_, .keepDraft): true
      default: false
      }
    }
  }

  private func keep(_ stage: inout Stage) -> Draft? {
    _ = stage.wanted()
    stage.send(.alarm(.keepDraft(Self.name)))
    guard case .keepDraft(_, let text)? = drafts(stage.wanted()).first else { return nil }
    #expect(!text.contains(Sample.secret.text))
    return Draft(reading: text)
  }

  @Test func whatIsTypedIsKeptWithinASecondAndOnlyOnceItIsKnownWhatLiesThere() {
    var stage = Stage.list(session: Self.session)
    stage.press("c")
    #expect(drafts(stage.wanted()) == [.openDraft(Self.name)])
    stage.press("Nova")
    #expect(drafts(stage.wanted()).isEmpty)
    stage.send(.draft(Self.name, .none))
    #expect(drafts(stage.wanted()) == [.wakeAfter(milliseconds: 700, .keepDraft(Self.name))])
    // One wake-up holds for all that is typed until then.
    stage.press(" Retail")
    #expect(drafts(stage.wanted()).isEmpty)
    let draft = keep(&stage)
    #expect(
      draft?.values.map(\.row) == ["tenantName", "siteId"] && draft?.values[0].entries == ["Nova Retail"])
    #expect(draft?.requestID == Sample.id(0xA01))
    #expect(keep(&stage) == nil)
    stage.press("<Tab><Tab><Tab><Tab><Enter>fin<Enter>")
    #expect(keep(&stage)?.values.last == .init(row: "businessIndustry", entries: ["finance"]))
  }

  @Test func aDraftIsOfferedAndGoneOnWithUnderItsOwnIDs() {
    var stage = Self.offered()
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Onboard a tenant  >1 Name   2 Contact   3 Origins   4 Review

      > Name
        Site id

              +-- A DRAFT OF YOURS ------------------------------------------+
              | You did not finish this form, at 2026-11-23 16:50:00Z.       |
              | It has: Name, Site id, Contact e-mail, Industry, Origins     |
              | ▮ goes on with it   n throws it away   Default: yes          |
              +--------------------------------------------------------------+












       y go on  n throw away  Esc back  ? keys
      """)
    stage.press("y<PgDn><PgDn>")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Onboard a tenant   1 Name   2 Contact  >3 Origins   4 Review

      > Origins         https://nova.example▮

        Permissions     (none)

                        [ Review and save ]

       Ctrl-t fills in what is usual in the industry, or what another tenant has













       Ctrl-o review and save  Tab next  Enter next or choose  Esc back  F1 keys
      """)
    _ = stage.wanted()
    stage.press("<Ctrl-o>y")
    guard case .onboard(let onboarding)? = stage.asked().last else {
      Issue.record("the draft is sent")
      return
    }
    #expect(onboarding.requestID == Sample.id(0x77) && onboarding.tenantID == Sample.id(0x78))
    #expect(onboarding.fields[.contactEmail] == .text("ops@nova.example"))
    stage.answer(
      .written(Written(outcome: .saved, entryID: 1, tenant: Sample.tenant(0x78, "nova", "Nova Retail"))))
    stage.answer(.secret(matches: true))
    #expect(stage.app.top == .secret)
    #expect(drafts(stage.wanted()) == [.closeDraft(Self.name, removing: true)])
  }

  /// Its secret was the other console's: what this one would show opens nothing.
  @Test func aDraftThatHadArrivedBeforeTheLineDroppedShowsNoSecret() {
    var stage = Self.offered()
    stage.press("y<Ctrl-o>y")
    stage.answer(
      .written(
        Written(
          outcome: .saved, repeated: true, entryID: 1, tenant: Sample.tenant(0x78, "nova", "Nova Retail"))))
    stage.answer(.secret(matches: false))
    #expect(stage.app.top == .receipt)
    #expect(!stage.frame.picture.contains(Sample.secret.text))
    #expect(
      stage.status.contains("the secret that was shown then")
        || stage.frame.picture.contains("with the secret"))
  }

  @Test func aDraftIsThrownAwayOnlyByItsKey() {
    var stage = Self.offered()
    _ = stage.wanted()
    stage.pressAtOnce("n")
    stage.send(.painted)
    var other = stage
    stage.press("n")
    #expect(drafts(stage.wanted()) == [.closeDraft(Self.name, removing: true), .openDraft(Self.name)])
    #expect(stage.app.top == .form && !stage.frame.picture.contains("Nova"))
    // Escape decides nothing: the draft is there, and is not lost.
    other.press("<Esc>")
    #expect(drafts(other.wanted()).isEmpty && other.frame.picture.contains("Nova"))
  }

  @Test func leavingKeepsWhatWasTypedAndSaysSo() {
    var stage = Self.open(.none)
    stage.press("N<Esc>")
    #expect(stage.frame.picture.contains("What you typed is kept as a draft."))
    _ = stage.wanted()
    stage.press("y")
    let effects = drafts(stage.wanted())
    #expect(effects.count == 2 && effects.last == .closeDraft(Self.name, removing: false))
    guard case .keepDraft(_, let text)? = effects.first else {
      Issue.record("what is due is kept on the way out")
      return
    }
    #expect(Draft(reading: text)?.values.first?.entries == ["N"])
  }

  @Test func whenTheConsoleEndsWhatIsDueIsKept() {
    var stage = Self.open(.none)
    stage.press("N")
    _ = stage.wanted()
    stage.send(.ending)
    #expect(drafts(stage.wanted()).count == 2)
  }

  @Test(arguments: [
    (DraftNews.elsewhere, "open in another console"),
    (.problem("x is no ordinary file"), "x is no ordinary file"),
    (.found("\u{1}\u{2}"), "damaged"), (.found(""), "damaged"),
  ])
  func whereNothingCanBeKeptThatIsSaidAndTheFormWorks(_ news: DraftNews, _ words: String) {
    var stage = Self.open(news)
    #expect(stage.frame.picture.contains(words) || stage.status.contains(words))
    _ = stage.wanted()
    stage.press("Nova")
    stage.send(.alarm(.keepDraft(Self.name)))
    stage.send(.ending)
    #expect(drafts(stage.wanted()).isEmpty)
    #expect(stage.frame.picture.contains("Nova"))
  }

  @Test func anEditHasADraftOfItsOwnWhichSaysWhatItWasTypedOver() {
    let name = DraftName(.edit(Sample.acme.id), Self.session)!
    var draft = Self.kept
    (draft.version, draft.values) = (
      2, [.init(row: "tenantName", entries: ["Acme AG"]), .init(row: "reason", entries: ["SUP-1"])]
    )
    var stage = Self.open(.found(draft.text), "e", name: name)
    stage.press("y")
    #expect(stage.status.contains("typed over version 2, and this is 3"))
    _ = stage.wanted()
    stage.press("<Ctrl-o>y")
    guard case .update(let update)? = stage.asked().last else {
      Issue.record("the edit is sent")
      return
    }
    #expect(
      update.changes == [.name: .text("Acme AG")] && update.reason == "SUP-1" && update.expectedVersion == 3)
  }

  @Test func aDraftIsOfOnePersonAndOneDatabase() {
    var names: Set<DraftName> = [Self.name, DraftName(.edit(Sample.acme.id), Self.session)!]
    for change: (inout Session) -> Void in [
      { $0.user = "bob" }, { $0.database = "other" }, { $0.host = "db2.eu" }, { $0.installation = "there" },
    ] {
      var session = Self.session
      change(&session)
      names.insert(DraftName(.onboard, session)!)
    }
    #expect(names.count == 6)
    #expect(DraftName(.onboard, Sample.session) == nil && DraftName(.onboard, nil) == nil)
  }

  /// A draft's file is anybody's once it lies on a disk: cut off, spoilt, or written by someone who means harm.
  @Test func whateverADraftHoldsItIsOfferedOrToldAndNothingFalls() {
    let whole = Array(Self.kept.text.utf8)
    var random = SeededRandom(7)
    var texts = whole.indices.map { String(decoding: whole[..<$0], as: UTF8.self) }
    for place in whole.indices {
      var spoilt = whole
      spoilt[place] = UInt8.random(in: 0...255, using: &random)
      texts.append(String(decoding: spoilt, as: UTF8.self))
    }
    for number in [Int64.min, Int64.max, -1] {
      var extreme = Self.kept
      (extreme.saved, extreme.version) = (Instant(microseconds: number), number)
      extreme.values += Hostile.texts.map { .init(row: $0, entries: Hostile.texts) }
      texts.append(extreme.text)
    }
    for text in texts {
      for (script, name) in [("c", Self.name), ("e", DraftName(.edit(Sample.acme.id), Self.session)!)] {
        var stage = Self.open(.found(text), script, name: name)
        _ = stage.frame
        if stage.app.top == .draft { stage.press("y") }
        let drawn = stage.frame.lines.flatMap(\.spans).flatMap(\.text.text.unicodeScalars)
        #expect(!drawn.contains(where: Hostile.isForbidden))
        #expect(stage.app.top == .form)
      }
    }
  }

  @Test func aDraftIsReadAsItWasWrittenAndOnlyWhole() {
    var draft = Self.kept
    draft.values.append(.init(row: "reason", entries: ["\u{301}x\\n\\", "a\nb\r\n", "- end", "東京\u{200B}"]))
    let bytes = Array(draft.text.utf8)
    #expect(Draft(reading: draft.text) == draft)
    for count in 0..<bytes.count {
      #expect(Draft(reading: String(decoding: bytes[..<count], as: UTF8.self)) == nil)
    }
    for text in [
      "end\n", "landlord draft 1\nend\n", "landlord draft 2\n", draft.text + "x", "\n\n\n\n\n\n\nend\n",
    ] {
      #expect(Draft(reading: text) == nil)
    }
  }
}
