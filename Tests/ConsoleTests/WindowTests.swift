import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("The window on a long list")
struct WindowTests {
  /// A server with `count` tenants that answers every open request, filters and totals left aside.
  private static func serve(_ stage: inout Stage, _ count: Int) {
    while let place = stage.open.first {
      switch place.request {
      case .page(let page): stage.answer(.page(Self.page(page, count)))
      case .total: stage.answer(.total(Total(count: Int64(count), estimated: count > 10_000)))
      default:
        Issue.record("nobody should ask \(place.request) here")
        return
      }
    }
  }

  private static func page(_ request: PageRequest, _ count: Int) -> Page {
    let number = { (cursor: Cursor) in Int(cursor.key.dropFirst(5))! }
    let range: Range<Int>
    switch request.anchor {
    case .first: range = 0..<min(count, request.limit)
    case .last: range = max(0, count - request.limit)..<count
    case .after(let cursor):
      range = min(count, number(cursor) + 1)..<min(count, number(cursor) + 1 + request.limit)
    case .before(let cursor): range = max(0, number(cursor) - request.limit)..<number(cursor)
    case .from(let cursor): range = number(cursor)..<min(count, number(cursor) + request.limit)
    }
    return Sample.page(Sample.many(range))
  }

  private static func list(of count: Int) -> Stage {
    var stage = Stage()
    stage.send(.link(.up))
    stage.answer(.session(Sample.session))
    stage.answer(.catalogues(Sample.catalogues))
    serve(&stage, count)
    _ = stage.wanted()
    return stage
  }

  private static func selected(_ stage: Stage) -> String? { stage.app.stack[0].subject?.siteID }

  private static func held(_ stage: Stage) -> Int {
    (stage.app.stack[0] as? ListScreen)?.window.rows.count ?? 0
  }

  @Test func theTotalOfALongListIsAnEstimate() {
    let stage = Self.list(of: 1_234_567)
    #expect(stage.frame.picture.contains("~1,234,567 tenants"))
  }

  @Test func insideTheWindowNoStatementIsSent() {
    var stage = Self.list(of: 100_000)
    for _ in 0..<70 { stage.press("<Down>") }
    for _ in 0..<70 { stage.press("<Up>") }
    #expect(stage.asked().isEmpty)
  }

  @Test func theNextPageIsAskedForBeforeItIsNeeded() {
    var stage = Self.list(of: 100_000)
    var asked: [Request] = []
    var pressed = 0
    while asked.isEmpty, pressed < 200 {
      stage.press("<Down>")
      pressed += 1
      asked = stage.asked()
    }
    #expect(pressed < 200)
    let last = TenantWindow.glance + TenantWindow.limit - 1
    let cursor = Cursor(key: Sample.many(last..<last + 1)[0].siteID, id: Sample.id(0x1000 + last))
    #expect(asked == [.page(PageRequest(anchor: .after(cursor), limit: TenantWindow.limit))])
    // The selection goes on while the page is on its way.
    stage.press("<Down>")
    #expect(Self.selected(stage) == Sample.many(pressed + 1..<pressed + 2)[0].siteID)
  }

  @Test func walkingFarKeepsMemoryFlatAndTheOrderUnbroken() {
    var stage = Self.list(of: 5_000)
    for step in 1...3_000 {
      stage.press("<Down>")
      Self.serve(&stage, 5_000)
      #expect(Self.selected(stage) == Sample.many(step..<step + 1)[0].siteID)
    }
    #expect(Self.held(stage) <= 800)
    for step in (0..<3_000).reversed() {
      stage.press("<Up>")
      Self.serve(&stage, 5_000)
      #expect(Self.selected(stage) == Sample.many(step..<step + 1)[0].siteID)
    }
    #expect(Self.held(stage) <= 800)
  }

  @Test func keysTypedFasterThanPagesComeAreNotLost() {
    var stage = Self.list(of: 5_000)
    for _ in 0..<1_000 { stage.pressAtOnce("<Down>") }
    Self.serve(&stage, 5_000)
    #expect(Self.selected(stage) == "site-001000")
    for _ in 0..<900 { stage.pressAtOnce("<Up>") }
    Self.serve(&stage, 5_000)
    #expect(Self.selected(stage) == "site-000100")
  }

  @Test func theEndAndTheStartAreOneRequestAway() {
    var stage = Self.list(of: 100_000)
    stage.press("G")
    #expect(stage.asked() == [.page(PageRequest(anchor: .last, limit: TenantWindow.glance))])
    Self.serve(&stage, 100_000)
    #expect(Self.selected(stage) == "site-099999")
    _ = stage.asked()
    stage.press("g")
    #expect(stage.asked() == [.page(PageRequest(anchor: .first, limit: TenantWindow.glance))])
    Self.serve(&stage, 100_000)
    #expect(Self.selected(stage) == "site-000000")
  }

  @Test func aRefreshKeepsTheSelectedTenantByItsID() {
    var stage = Stage.list(lines: 12)
    stage.press("jjr")
    #expect(stage.asked() == [.page(PageRequest(limit: 200))])
    let newcomer = Sample.tenant(9, "aaa", "A newcomer")
    stage.answer(.page(Sample.page([newcomer] + Sample.tenants)))
    #expect(Self.selected(stage) == "acme-eu")
    // Gone for others' doing: the next one is selected.
    stage.press("r")
    stage.answer(.page(Sample.page([Sample.acme, Sample.hidden])))
    #expect(Self.selected(stage) == "acmecorp")
  }

  @Test func aRefreshDeepInTheListReadsOnlyAroundTheScreen() {
    var stage = Self.list(of: 5_000)
    for _ in 0..<1_000 { stage.pressAtOnce("<Down>") }
    Self.serve(&stage, 5_000)
    _ = stage.asked()
    let line = stage.frame.cursor?.line
    stage.press("r")
    let asked = stage.asked()
    #expect(asked.count == 1)
    guard case .page(let page)? = asked.first, case .from = page.anchor else {
      Issue.record("a refresh keeps its place: \(asked)")
      return
    }
    #expect(page.limit <= 300)
    Self.serve(&stage, 5_000)
    #expect(Self.selected(stage) == "site-001000")
    #expect(stage.frame.cursor?.line == line)
  }

  @Test func aPageThatFailsIsSaidAndAskedForAgainLater() {
    var stage = Self.list(of: 5_000)
    for _ in 0..<10 { stage.press("<PgDn>") }
    #expect(stage.open.count == 1)
    stage.fail(.timedOut)
    #expect(stage.status == "reading tenants: no answer in time; try again")
    stage.press("<Down>")
    #expect(stage.open.count == 1)
  }
}
