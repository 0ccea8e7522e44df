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

  /// This machine's clock is years behind the server's, or ahead, or stepped back between two keys.
  @Test(arguments: [Int64(0), 1_000_000_000_000_000, 253_402_300_799_000_000])
  func clocksThatDisagreeStopNothing(_ microseconds: Int64) {
    for place in Place.allCases {
      var stage = KeymapTests.stage(at: place)
      stage.send(.clock(Instant(microseconds: microseconds)))
      _ = stage.frame
      for key in keys("r<Down><Up>") {
        stage.send(.key(key))
        stage.send(.clock(Sample.now))
        _ = stage.frame
        stage.send(.clock(Instant(microseconds: microseconds)))
      }
      #expect(stage.frame.lines.count <= 24, "\(place)")
    }
  }

  /// What was changed "tomorrow" is new, not minus a day old.
  @Test func whatTheServerDidInOurFutureIsNow() {
    var tenant = Sample.acme
    tenant.updatedAt = Instant(microseconds: Sample.now.microseconds + 86_400_000_000)
    let stage = Stage.list([tenant])
    #expect(stage.frame.picture.contains("active      now"), "\(stage.frame.picture)")
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
