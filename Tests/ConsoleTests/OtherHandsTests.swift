import TenantStore
import Terminal
import Testing

@testable import Console

/// Others change what is on the screen while a key is on its way.
@Suite("Other hands") struct OtherHandsTests {
  private static func list(_ tenants: [Tenant]) -> Stage {
    var stage = Stage.list(tenants)
    stage.press("<Down>r")
    return stage
  }

  @Test func aKeyActsOnWhatWasShown() {
    // Given: the second row is selected, and the list is being read again.
    var stage = Self.list([Sample.acme, Sample.acmeEurope, Sample.acmeTest])
    stage.send(.painted)

    // When: rows came and went around it, and a key was pressed before that was painted.
    stage.answer(.page(Sample.page([Sample.tenant(9, "aaa", "New"), Sample.wide, Sample.acmeEurope])))
    stage.send(.key(.enter))

    // Then
    #expect(stage.app.top == .detail)
    #expect(stage.asked().contains(.tenant(.id(Sample.acmeEurope.id))))
  }

  /// Whatever is selected then, nothing is done to it without its name on the screen and a key upon that.
  @Test func whereTheRowIsGoneNothingIsDoneToAnother() {
    var stage = Self.list([Sample.acme, Sample.acmeTest])
    stage.send(.painted)
    stage.answer(.page(Sample.page([Sample.acme, Sample.wide])))
    stage.pressAtOnce("xdgone<Enter>acme-test<Enter><Enter>y")
    #expect(!stage.asked().contains { $0.requestID != nil })
  }
}
