import TenantStore
import Testing

@testable import Console

@Suite("A line that is lost") struct LostLineTests {
  private static func lost(_ stage: inout Stage) {
    stage.send(.link(.down("the server closed the connection")))
  }

  @Test func itIsSaidSinceWhenAndThatItIsTriedAgain() {
    var stage = Stage.list(lines: 10)
    Self.lost(&stage)
    stage.send(.clock(Instant(microseconds: Sample.now.microseconds + 90_000_000)))
    stage.send(.link(.down("connection refused")))
    #expect(
      stage.frame.picture.contains("no connection since \(Sample.now.time), what is shown is from before;"))
    #expect(stage.frame.picture.contains("connection refused"))
    #expect(stage.asked().isEmpty)
    stage.send(.link(.up))
    #expect(!stage.frame.picture.contains("no connection"))
    Self.lost(&stage)
    #expect(stage.frame.picture.contains("no connection since"))
  }

  @Test func whatIsShownIsReadAgainInItsPlace() {
    var stage = Stage.list(Sample.many(0..<30))
    stage.press("<Down><Down><Down>")
    Self.lost(&stage)
    stage.press("<Down>")
    _ = stage.asked()
    stage.send(.link(.up))
    #expect(stage.asked() == [.session])
    stage.answer(.session(Sample.session))
    stage.answer(.page(Sample.page(Sample.many(0..<30))))
    #expect(stage.app.stack[0].subject?.siteID == Sample.many(4..<5)[0].siteID)
  }

  @Test func aFormStaysAsItWas() {
    var stage = Stage.list()
    stage.press("e")
    stage.press("Other ")
    let before = stage.frame.picture.split(separator: "\n").dropFirst().prefix(18)
    Self.lost(&stage)
    stage.send(.link(.up))
    stage.answer(.session(Sample.session))
    stage.answer(.page(Sample.page(Sample.tenants)))
    #expect(stage.frame.picture.split(separator: "\n").dropFirst().prefix(18) == before)
    #expect(stage.app.top == .form)
  }

  @Test func aTenantIsReadAgain() {
    var stage = Stage.list()
    stage.press("<Enter>")
    Self.lost(&stage)
    _ = stage.asked()
    stage.send(.link(.up))
    stage.answer(.session(Sample.session))
    #expect(stage.asked().contains { if case .tenant = $0 { true } else { false } })
    #expect(stage.app.top == .detail)
  }

  @Test func aFirstConnectionThatFailsSaysHowToTryAgain() {
    var stage = Stage(lines: 10)
    stage.send(.link(.down("connection refused")))
    stage.fail(.unavailable("connection refused"))
    #expect(stage.status == "no connection: connection refused; r tries again")
  }
}
