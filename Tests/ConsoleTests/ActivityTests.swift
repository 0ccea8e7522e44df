import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Activity")
struct ActivityTests {
  @Test(arguments: [
    ([0, 0, 1, 4, 8], "..▁▄█  13 changes in 5 weeks"), ([0], ".  0 changes in 1 week"),
    ([1], "█  1 change in 1 week"), ([100, 1], "█▁  101 changes in 2 weeks"), ([], "  0 changes in 0 weeks"),
  ]) func theHighestWeekIsAFullBlockAndNoChangeIsADot(_ counts: [Int], _ line: String) {
    #expect(Activity.words(counts) == line)
  }

  @Test func theDetailAsksForItOnceTheTenantIsThereAndShowsIt() {
    var stage = Stage.list()
    stage.press("<Enter>")
    #expect(stage.asked() == [.tenant(.id(Sample.acme.id))])
    stage.answer(.tenant(Sample.acme))
    #expect(stage.asked().contains(.activity(Sample.acme.id, weeks: 26)))
    stage.answer(.activity([Int](repeating: 0, count: 25) + [3]))
    #expect(stage.frame.picture.contains("Activity        .........................█  3 changes in 26 weeks"))
  }

  @Test func withoutItTheTenantIsShownAllTheSame() {
    var stage = Stage.list()
    stage.press("<Enter>")
    stage.answer(.tenant(Sample.acme))
    stage.fail(.timedOut) { if case .activity = $0 { true } else { false } }
    #expect(stage.frame.picture.contains("Activity        (not known)"))
    #expect(stage.frame.picture.contains("Acme GmbH"))
  }
}
