import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Sorting the list")
struct SortTests {
  @Test func aColumnIsChosenAndTheSelectedTenantStaysSelected() {
    var stage = Stage.list(lines: 14)
    stage.press("js")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants          +-- SORT BY -------------------------------+        5 tenants
         SITE           | ▮ site id           (a to z)             |E       UPDATED
         acme           |   name                                   |ve      2m
       > acme-test      |   contact e-mail                         |ve      4d
         acme-eu        |   industry                               |TIVATED 11d
         acmecorp       |   state                                  |ve      1h
         tokyo          |   created                                |ve      1y
                        |   updated                                |
                        +------------------------------------------+



       Enter choose  Esc back  ? keys
      """)
    stage.press("<Down><Enter>")
    let place = Cursor(key: "acme test sandbox", id: Sample.acmeTest.id)
    #expect(stage.asked() == [.page(PageRequest(sort: Sort(.name), anchor: .from(place), limit: 200))])
    #expect(stage.frame.picture.contains("by name, a to z"))
    stage.press("S")
    #expect(
      stage.asked() == [
        .page(PageRequest(sort: Sort(.name, descending: true), anchor: .from(place), limit: 200))
      ])
    stage.answer(.page(Sample.page([Sample.acmeTest, Sample.acme])))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                             by name, z to a  5 tenants
         SITE             NAME               EMAIL              STATE       UPDATED
       ▮ acme-test        Acme Test Sandbox  qa@acme.example    active      4d
         acme             Acme GmbH          ops@acme.example   active      2m








       Enter open  c onboard  e edit  x lifecycle  / filter  q quit  ? keys
      """)
  }

  @Test func timesBeginWithTheNewestAndTheirPlaceIsInMicroseconds() {
    var stage = Stage.list(lines: 14)
    stage.press("s<Up><Down><Down><Down><Down><Down><Down><Enter>")
    let place = Cursor(key: String(Sample.acme.updatedAt.microseconds), id: Sample.acme.id)
    #expect(
      stage.asked() == [
        .page(PageRequest(sort: Sort(.updatedAt, descending: true), anchor: .from(place), limit: 200))
      ])
    #expect(stage.frame.picture.contains("by updated, newest first"))
  }

  @Test func pagesFurtherOnAreAskedForInTheSameOrder() {
    var stage = Stage.list(Sample.many(0..<200))
    stage.press("S")
    stage.answer(.page(Sample.page(Sample.many(0..<200).reversed())))
    _ = stage.asked()
    stage.press("G")
    #expect(
      stage.asked() == [
        .page(PageRequest(sort: Sort(descending: true), anchor: .last, limit: TenantWindow.glance))
      ])
  }

  @Test func escLeavesTheOrderAsItIs() {
    var stage = Stage.list()
    stage.press("s<Down><Esc>")
    #expect(stage.asked().isEmpty)
    #expect(stage.app.top == .list)
    stage.press("s<Enter>")
    #expect(stage.asked().isEmpty)
  }
}
