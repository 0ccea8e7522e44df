import TenantStore
import Terminal
import Testing

@testable import Console

/// The list of the audit on the screen, of a tenant and of everybody.
@Suite("The audit") struct AuditScreenTests {
  static let tail = AuditTail(xmin: "7", at: Sample.now)
  static let ofAcme = AuditFilter([.init(.tenant(.id(Sample.acme.id)))])

  /// An entry: the greater the number the newer.
  static func entry(_ number: Int64, _ siteID: String = "acme", reason: String? = nil) -> AuditEvent {
    AuditEvent(
      cursor: AuditCursor(
        at: Sample.ago(seconds: 3600 - number), source: .entry, id: String(100 + number)),
      tenantID: Sample.acme.id, siteID: siteID, actor: "ben", role: "none",
      client: AuditClient(
        address: "10.0.0.7", proven: "cert:/CN=ben", application: "landlord pts/3 ssh 192.0.2.1"),
      action: "update", outcome: .saved, note: nil, requestID: Sample.id(0xAB), reason: reason,
      version: number, seq: number, changes: [.init(field: "tenantName", old: "Old \(number)", new: "New")])
  }

  static let refused = AuditEvent(
    cursor: AuditCursor(at: Sample.ago(seconds: 3700), source: .request, id: Sample.acme.id.description),
    tenantID: Sample.acme.id, siteID: "acme", actor: "cem", role: nil, client: nil, action: "reactivate",
    outcome: .refused, note: "tenant_not_deactivated", requestID: nil, reason: nil, version: nil, seq: nil,
    changes: [])

  static let activity = AuditActivity(
    start: Sample.ago(seconds: 13 * 86_400 + 61_200), days: [1, 0, 0, 4, 2, 0, 0, 0, 8, 0, 0, 0, 1, 16],
    actions: [.init("update", 24), .init("register", 8)], actors: [.init("ben", 30), .init("cem", 2)])

  /// The audit of acme, two entries and a refusal.
  static func stage(_ events: [AuditEvent]? = nil, lines: Int = 12, proof: Proof? = nil) -> Stage {
    var stage = Stage.list(lines: lines)
    stage.press("a")
    stage.answer(.auditTail(AuditPage(events: []), next: tail))
    stage.answer(
      .auditPage(AuditPage(events: events ?? [entry(2, reason: "SUP-2 moved"), entry(1), refused])))
    if let proof { stage.answer(.proof(proof)) }
    _ = stage.wanted()
    return stage
  }

  /// Everybody's, once the look with the number 12 is written down.
  static func everybodys(_ events: [AuditEvent] = [entry(2), entry(1, "blue")]) -> Stage {
    var stage = Stage.list(lines: 12)
    stage.press("A")
    stage.answer(.look(12))
    stage.answer(.auditTail(AuditPage(events: []), next: tail))
    stage.answer(.auditPage(AuditPage(events: events)))
    _ = stage.wanted()
    return stage
  }

  /// Long enough to have pages.
  private static func page(_ newest: Int64, _ count: Int = AuditWindow.limit) -> [AuditEvent] {
    (0..<Int64(count)).map { entry(newest - $0) }
  }

  @Test func aTenantsAuditIsShownNewestFirstWithWhatWasRefused() {
    var stage = Stage.list(lines: 12)
    stage.press("a")
    #expect(
      stage.asked() == [
        .auditTail(nil, AuditPageRequest(limit: 200)), .auditPage(AuditPageRequest(filter: Self.ofAcme)),
        .proof,
      ])
    stage = Self.stage(
      proof: Proof(installation: nil, block: 4, signedAt: Sample.ago(seconds: 7200), oldestUnsigned: nil))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Audit of acme                                    looks for new ones every 30 s
       not verified yet  checkpoint 4 at 2026-11-23 15:00Z
        WHEN                 WHO          ACTION           WHAT, WHY
      ▮ 2026-11-23 16:00:02Z ben          update           Name  SUP-2 moved
        2026-11-23 16:00:01Z ben          update           Name
        2026-11-23 15:58:20Z cem          reactivate       REFUSED: tenant_not_deacti…




       Enter open  / filter  V verify  o over time  E export  Esc back  ? keys
      """)
  }

  @Test func aCheckpointThatIsOverdueIsSaid() {
    let stage = Self.stage(
      proof: Proof(
        installation: nil, block: nil, signedAt: nil, oldestUnsigned: Sample.ago(seconds: 3 * 86_400)))
    #expect(stage.frame.picture.contains("not verified yet  checkpoint OVERDUE (2026-11-20)"))
  }

  // MARK: The look

  @Test func everybodysIsShownOnlyOnceTheLookIsWrittenDown() {
    var stage = Stage.list(lines: 12)
    stage.press("A")
    #expect(stage.asked() == [.openLook(TenantStore.Look("audit of everybody"))])
    // Nothing can be had before, by no key.
    stage.press("oE/acme<Enter>")
    #expect(stage.asked() == [])
    stage.answer(.look(12))
    #expect(
      stage.asked() == [
        .auditTail(nil, AuditPageRequest(limit: 200)),
        .auditPage(AuditPageRequest(filter: .parse("acme"))), .proof,
      ])
    stage.answer(.auditPage(AuditPage(events: [Self.entry(2), Self.entry(1, "blue")])))
    #expect(stage.frame.picture.contains("update           blue           Name"))
    stage.press("<Esc><Esc>")
    #expect(stage.asked().contains(.closeLook(12, outcome: "2 shown")))
    #expect(stage.app.top == .list)
  }

  @Test func aLookIsClosedHoweverTheScreenIsLeft() {
    var stage = Self.everybodys()
    stage.press(":filter acme<Enter>")
    #expect(stage.asked().contains(.closeLook(12, outcome: "2 shown")))
  }

  @Test func withoutTheLookNothingIsShownAndItSaysWhy() {
    var stage = Stage.list(lines: 12)
    stage.press("A")
    stage.fail(.readOnly)
    #expect(stage.frame.picture.contains("Not shown: looking at everybody's audit is written down first"))
    #expect(stage.asked().allSatisfy { if case .auditPage = $0 { false } else { true } })
    stage.press("r")
    #expect(stage.asked() == [.openLook(TenantStore.Look("audit of everybody"))])
    var session = Sample.session
    session.readOnly = true
    var other = Stage.list(session: session)
    other.press("A")
    #expect(other.frame.picture.contains("looking at everybody is written down first"))
    #expect(other.asked() == [])
  }

  @Test func fromEverybodysOneGoesToTheTenantsAlone() {
    var stage = Self.everybodys()
    stage.press("a")
    #expect(stage.frame.picture.contains("Audit of acme"))
    stage.press("a")
    #expect(stage.status == "this is the audit of one tenant already")
    stage.press("<Esc>")
    #expect(stage.frame.picture.contains("Audit of everybody"))
  }

  // MARK: The filter

  @Test func theFilterIsTypedLiveAndCleared() {
    var stage = Self.stage()
    stage.press("/actor:cem")
    let filter = AuditFilter([.init(.actor("cem")), .init(.tenant(.id(Sample.acme.id)))])
    #expect(stage.asked().last == .auditPage(AuditPageRequest(filter: filter)))
    stage.answer(.auditPage(AuditPage(events: [Self.refused])))
    #expect(stage.frame.picture.contains("Audit of acme  / actor:cem"))
    stage.press(" outcome:x")
    #expect(stage.status.contains("saved"))
    stage.press("<Enter>")
    #expect(stage.app.top == .audit)
    stage.press("!")
    #expect(
      stage.frame.picture.contains("landlord audit list --tenant acme --filter 'actor:cem outcome:x'"))
    stage.press("q<Esc>")
    #expect(stage.asked().last == .auditPage(AuditPageRequest(filter: Self.ofAcme)))
    stage.press("<Esc>")
    #expect(stage.app.top == .list)
  }

  // MARK: Live

  @Test func whatIsNewPushesDownAndStaysOffTheCursor() {
    var stage = Self.stage(lines: 14)
    stage.press("j")
    #expect(stage.frame.cursor?.line == 5)
    // Not before the time has come.
    stage.send(.alarm(.audit(99)))
    #expect(stage.asked() == [])
    stage.send(.alarm(.audit(1)))
    #expect(stage.asked() == [.auditTail(Self.tail, AuditPageRequest(filter: Self.ofAcme, limit: 200))])
    stage.answer(
      .auditTail(AuditPage(events: [Self.entry(4), Self.entry(3), Self.entry(2)]), next: Self.tail))
    #expect(
      stage.effects.contains(.wakeAfter(milliseconds: AuditScreen.pause, .audit(2))), "and so it goes on")
    // Two of them are new; the same entry is selected, two lines further down.
    #expect(stage.frame.cursor?.line == 7)
    #expect(stage.frame.picture.contains("> 2026-11-23 16:00:01Z ben"))
    #expect(stage.frame.picture.contains("  2026-11-23 16:00:04Z ben"))
  }

  @Test func belowTheTopTheScreenStandsStillAndSaysHowManyCame() {
    var stage = Self.stage(Self.page(500))
    stage.press("<PgDn><PgDn>")
    let before = stage.frame
    stage.send(.alarm(.audit(1)))
    stage.answer(.auditTail(AuditPage(events: [Self.entry(502), Self.entry(501)]), next: Self.tail))
    let after = stage.frame
    #expect(after.cursor == before.cursor)
    #expect(Array(after.lines.dropFirst(2)) == Array(before.lines.dropFirst(2)))
    #expect(after.picture.contains("2 new above: g"))
    stage.press("g")
    #expect(!stage.frame.picture.contains("new above"))
    #expect(stage.frame.picture.contains("> 2026-11-23 16:08:22Z") || stage.frame.cursor?.line == 4)
  }

  @Test func withNothingNewNothingIsPaintedAnew() {
    var stage = Self.stage()
    let before = stage.frame
    for round in 1...3 {
      stage.send(.alarm(.audit(round)))
      stage.answer(.auditTail(AuditPage(events: [Self.entry(2)]), next: Self.tail))
      #expect(stage.frame == before)
    }
    stage.send(.alarm(.audit(4)))
    stage.fail(.timedOut) { if case .auditTail = $0 { true } else { false } }
    #expect(stage.status.contains("looking for new entries: no answer in time"))
  }

  @Test func whatCameWhileTheLineWasLostIsReadAtOnce() {
    var stage = Self.stage()
    stage.send(.link(.down("gone")))
    stage.send(.link(.up))
    stage.answer(.session(Sample.session))
    #expect(stage.asked().contains(.auditPage(AuditPageRequest(filter: Self.ofAcme))))
    stage.answer(.auditPage(AuditPage(events: [Self.entry(3), Self.entry(2)])))
    // The entry that was selected still is.
    #expect(stage.frame.picture.contains("> 2026-11-23 16:00:02Z"))
  }

  @Test func whatCameBeforeItWasKnownFromWhereToAskIsNotMissed() {
    var stage = Stage.list(lines: 12)
    stage.press("a<Ctrl-c>r")
    stage.answer(.auditPage(AuditPage(events: [Self.entry(1)])))
    _ = stage.asked()
    stage.send(.alarm(.audit(1)))
    #expect(stage.asked() == [.auditTail(nil, AuditPageRequest(filter: Self.ofAcme, limit: 200))])
    stage.answer(.auditTail(AuditPage(events: []), next: Self.tail))
    #expect(stage.asked() == [.auditPage(AuditPageRequest(filter: Self.ofAcme))])
  }

  @Test func moreThanWasAskedForIsReadAnew() {
    var stage = Self.stage()
    stage.send(.alarm(.audit(1)))
    stage.answer(.auditTail(AuditPage(events: Self.page(900, 200)), next: Self.tail))
    #expect(stage.asked().last == .auditPage(AuditPageRequest(filter: Self.ofAcme)))
  }

  // MARK: Pages

  @Test func olderPagesComeBeforeTheEndIsReachedAndFarOnesAreLetGo() throws {
    var stage = Self.stage(Self.page(2000))
    var newest: Int64 = 2000
    for _ in 0..<12 {
      for _ in 0..<15 { stage.press("<PgDn>") }
      guard case .auditPage(let asked)? = stage.asked().last else { continue }
      newest -= Int64(AuditWindow.limit)
      #expect(asked.anchor == .after(Self.entry(newest + 1).cursor))
      stage.answer(.auditPage(AuditPage(events: Self.page(newest))))
    }
    #expect(newest < 1300)
    stage.press("g")
    // The newest are no longer held, so they are asked for.
    #expect(stage.asked().last == .auditPage(AuditPageRequest(filter: Self.ofAcme)))
    stage.answer(.auditPage(AuditPage(events: Self.page(2000))))
    stage.press("G")
    #expect(stage.asked().last == .auditPage(AuditPageRequest(filter: Self.ofAcme, anchor: .last)))
    stage.answer(.auditPage(AuditPage(events: Self.page(100))))
    #expect(stage.frame.picture.contains("> 2026-11-23 16:00:01Z") || stage.frame.cursor?.line == 9)
  }
}
