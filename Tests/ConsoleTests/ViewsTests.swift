import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Saved views and refreshing")
struct ViewsTests {
  private static let shops = SavedView(
    name: "shops", filter: "industry:retail", sort: Sort(.updatedAt, descending: true),
    columns: ["siteId", "updatedAt"])

  @Test func aViewBringsItsFilterOrderAndColumns() {
    var stage = Stage.list(lines: 14)
    stage.press("w")
    #expect(stage.asked() == [.views])
    stage.answer(.views([SavedView(name: "all"), Self.shops]))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                              5 tenants
         SITE             NAME               EMAIL              STATE       UPDATED
       > ac+-- VIEWS -----------------------------------------------------------+
         ac| ▮ all                      shared all tenants                      |
         ac|   shops                    shared industry:retail, by updated      |
         ac+--------------------------------------------------------------------+
         tokyo            東京電力エナジー…  info@tokyo.example active      1y





       Enter show  s keep the present  d remove  Esc back  ? keys
      """)
    stage.press("j<Enter>")
    #expect(
      stage.asked() == [
        .page(
          PageRequest(
            filter: .parse("industry:retail"), sort: Sort(.updatedAt, descending: true),
            limit: TenantWindow.glance)
        )
      ])
    stage.answer(.page(Sample.page([Sample.acme])))
    #expect(stage.frame.picture.contains("/ industry:retail"))
    #expect(!stage.frame.picture.contains("EMAIL"))
  }

  @Test func aNameThatWasTypedAheadKeepsNothing() {
    var stage = Stage.list(lines: 14)
    stage.press("w")
    stage.answer(.views([SavedView(name: "shops", filter: "industry:retail")]))
    _ = stage.asked()
    stage.send(.painted)
    stage.pressAtOnce("s<Enter>")
    #expect(stage.asked().isEmpty)
    #expect(stage.status == "not taken: it was typed before this was on the screen")
    stage.press("<Enter>")
    #expect(stage.asked().count == 1)
  }

  @Test func theListAsItIsNowIsKeptUnderAName() {
    var stage = Stage.list(lines: 14)
    stage.press("S")
    stage.answer(.page(Sample.page(Sample.tenants)))
    stage.press("ws")
    stage.answer(.views([]))
    stage.press("<Enter>")
    #expect(stage.status == "give it a name first")
    _ = stage.asked()
    stage.press("backwards<Enter>")
    let view = SavedView(name: "backwards", sort: Sort(descending: true))
    #expect(stage.asked() == [.changeView(ViewChange(requestID: Sample.id(0xA01), .save(view)))])
    stage.answer(.written(Written(outcome: .saved)))
    #expect(stage.status == "kept, for everyone here")
    #expect(stage.asked() == [.views])
  }

  @Test func aSharedViewIsRemovedOnlyByAYes() {
    var stage = Stage.list(lines: 14)
    stage.press("w")
    stage.answer(.views([Self.shops]))
    _ = stage.asked()
    stage.press("dn")
    #expect(stage.asked().isEmpty)
    stage.press("dy")
    #expect(
      stage.asked() == [.changeView(ViewChange(requestID: Sample.id(0xA01), .remove(name: "shops")))])
  }

  @Test func ownViewsComeFromTheConfigurationAndStayThere() {
    var stage = Stage(lines: 14, views: [Self.shops])
    stage.send(.link(.up))
    stage.answer(.session(Sample.session))
    stage.answer(.catalogues(Sample.catalogues))
    stage.answer(.page(Sample.page(Sample.tenants)))
    stage.press("w")
    stage.answer(.views([]))
    #expect(stage.frame.picture.contains("mine   industry:retail, by updated"))
    stage.press("d")
    #expect(stage.status == "it stands in your config.toml: take it out there")
  }

  @Test func refreshingByItselfIsOffUntilItIsAskedForAndStops() {
    var stage = Stage.list(lines: 14)
    #expect(stage.wanted().isEmpty)
    stage.press("R")
    #expect(stage.status == "refreshing every 30 seconds; R stops")
    #expect(stage.wanted() == [.wakeAfter(milliseconds: 30_000, .refresh(1))])
    #expect(stage.frame.picture.contains("auto  5 tenants"))
    stage.send(.alarm(.refresh(1)))
    #expect(stage.asked() == [.page(PageRequest(limit: 200))])
    // The last refresh is still on its way: not another one.
    stage.send(.alarm(.refresh(1)))
    #expect(stage.asked().isEmpty)
    stage.answer(.page(Sample.page(Sample.tenants)))
    stage.press("R")
    _ = stage.wanted()
    stage.send(.alarm(.refresh(1)))
    #expect(stage.wanted().isEmpty)
  }

  @Test func aPartialSearchShowsWhatItHasAndGoesOn() {
    var stage = Stage.list(lines: 12)
    stage.press("/acme")
    _ = stage.asked()
    stage.answer(
      .page(Page(rows: [Sample.acme], cursors: [Cursor(key: "acme", id: Sample.acme.id)], isPartial: true)))
    #expect(stage.frame.picture.contains("1 tenant so far, searching... Ctrl-c cancels"))
    #expect(
      stage.asked() == [
        .page(PageRequest(filter: .parse("acme"), limit: TenantWindow.glance, isThorough: true))
      ])
    var cancelled = stage
    cancelled.press("<Ctrl-c>")
    #expect(cancelled.frame.picture.contains("1 tenant so far, not all: r searches on"))
    stage.answer(.page(Sample.page([Sample.acme, Sample.acmeTest])))
    #expect(!stage.frame.picture.contains("so far"))
    #expect(stage.frame.picture.contains("acme-test"))
  }
}
