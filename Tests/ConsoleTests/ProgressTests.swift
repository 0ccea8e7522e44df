import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("What takes longer than a second")
struct ProgressTests {
  private func words(_ done: Int, of total: Int?, after seconds: Int64) -> String {
    var progress = Progress(started: Sample.now, total: total)
    progress.done = done
    return progress.words(at: Instant(microseconds: Sample.now.microseconds + seconds * 1_000_000)).text
  }

  @Test func aBarShowsWhatIsDoneAndHowLongItWillTake() {
    #expect(words(80, of: 200, after: 4) == "[########............] 80 of 200  0:04, about 0:06 to go")
    #expect(words(0, of: 200, after: 4) == "[....................] 0 of 200  0:04")
    #expect(words(200, of: 200, after: 3723) == "[####################] 200 of 200  1:02:03")
    #expect(words(999, of: 10, after: 1) == "[####################] 10 of 10  0:01")
    #expect(words(5, of: nil, after: 61) == "1:01")
    #expect(words(0, of: 0, after: -5) == "0:00")
  }

  @Test func aSlowReadCountsTheSecondsAndStopsWhenItIsAnswered() {
    var stage = Stage.list()
    stage.press("<Enter>")
    let ticket = stage.open[0].ticket
    _ = stage.wanted()
    stage.pass(seconds: 1)
    stage.send(.alarm(.slow(ticket)))
    #expect(stage.wanted() == [.wakeAfter(milliseconds: 1000, .tick)])
    #expect(stage.frame.picture.contains("loading... 0:01"))
    stage.pass(seconds: 2)
    stage.send(.alarm(.tick))
    #expect(stage.wanted() == [.wakeAfter(milliseconds: 1000, .tick)])
    #expect(stage.frame.picture.contains("loading... 0:02"))
    stage.answer(.tenant(Sample.acme))
    #expect(!stage.frame.picture.contains("loading"))
    _ = stage.wanted()
    stage.send(.alarm(.tick))
    #expect(stage.wanted() == [])
  }

  @Test func aSlowWriteCountsTheSeconds() {
    var stage = KeymapTests.stage(at: .review)
    stage.press("y")
    #expect(stage.frame.picture.contains("Saving..."))
    let ticket = stage.open.last!.ticket
    _ = stage.wanted()
    stage.pass(seconds: 3)
    stage.send(.alarm(.slow(ticket)))
    #expect(stage.wanted() == [.wakeAfter(milliseconds: 1000, .tick)])
    #expect(stage.frame.picture.contains("Saving... 0:03"))
  }

  @Test func markingAllThatMatchCountsTheSeconds() {
    var stage = Stage.list()
    stage.press("*")
    stage.send(.alarm(.slow(stage.open.last!.ticket)))
    stage.pass(seconds: 2)
    #expect(stage.frame.picture.contains("marking all that match... Ctrl-c cancels  0:03"))
    stage.answer(.matching(Sample.tenants.map(\.id)))
    #expect(!stage.frame.picture.contains("marking"))
  }

  @Test func aSearchThatGoesOnCountsTheSeconds() {
    var stage = Stage.list()
    stage.press("/acme")
    stage.answer(
      .page(Page(rows: [Sample.acme], cursors: [Cursor(key: "acme", id: Sample.acme.id)], isPartial: true)))
    stage.send(.alarm(.slow(stage.open.last!.ticket)))
    stage.pass(seconds: 4)
    #expect(stage.frame.picture.contains("1 tenant so far, searching... Ctrl-c cancels  0:05"))
  }

  @Test func aMigrationCountsTheSeconds() {
    var stage = KeymapTests.stage(at: .migration)
    _ = stage.wanted()
    stage.press("y")
    #expect(stage.wanted() == [.wakeAfter(milliseconds: 1000, .tick), .migrate])
    stage.pass(seconds: 2)
    stage.send(.alarm(.tick))
    #expect(stage.wanted() == [.wakeAfter(milliseconds: 1000, .tick)])
    #expect(stage.frame.picture.contains("Migrating... 0:02"))
    stage.send(.migrated("no rights"))
    stage.send(.alarm(.tick))
    #expect(stage.wanted() == [])
  }
}

extension Stage {
  /// So many seconds after the beginning.
  mutating func pass(seconds: Int64) {
    send(.clock(Instant(microseconds: Sample.now.microseconds + seconds * 1_000_000)))
  }
}
