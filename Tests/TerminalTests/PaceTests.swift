import Testing

@testable import Terminal

@Suite("How far the screen runs ahead of its terminal") struct PaceTests {
  private let question = Array("\u{1B}[5n".utf8)

  /// A terminal that answered the first paint.
  private var answering: Pace {
    var pace = Pace()
    #expect(pace.question(after: 2000, isWhole: true, now: 0) == question)
    pace.answered(1)
    return pace
  }

  @Test func aPaintAfterARestAsksNothing() {
    var pace = answering
    #expect(pace.question(after: 2000, isWhole: false, now: 10_000) == [])
    #expect(pace.question(after: 2000, isWhole: false, now: 10_500) == [])
    #expect(pace.hold(now: 10_500) == nil)
  }

  @Test func aRunOfPaintsAsksAndWaitsForTheAnswer() {
    var pace = answering
    #expect(pace.question(after: 300, isWhole: false, now: 10_000) == [])
    #expect(pace.question(after: 300, isWhole: false, now: 10_100) == question)
    #expect(pace.hold(now: 10_100) == nil)
    #expect(pace.question(after: 500, isWhole: false, now: 10_200) == question)
    #expect(pace.hold(now: 10_200) == 3900)
    #expect(pace.isAwaiting)
    pace.answered(1)
    #expect(pace.hold(now: 10_600) == nil)
    pace.answered(1)
    #expect(!pace.isAwaiting)
  }

  @Test func fewBytesAskNothing() {
    var pace = answering
    for time in stride(from: 10_000, to: 10_600, by: 50) {
      #expect(pace.question(after: 18, isWhole: false, now: Int64(time)) == [])
    }
    #expect(pace.question(after: 0, isWhole: true, now: 10_610) == [])
  }

  @Test func aTerminalThatDoesNotAnswerIsNotWaitedFor() {
    var pace = Pace()
    #expect(pace.question(after: 2000, isWhole: true, now: 0) == question)
    for time in 1...50 {
      #expect(pace.question(after: 2000, isWhole: false, now: Int64(time * 30)) == [])
      #expect(pace.hold(now: Int64(time * 30)) == nil)
    }
    #expect(!pace.isAwaiting)
  }

  @Test func anAnswerThatNeverComesIsGivenUp() {
    var pace = answering
    _ = pace.question(after: 1000, isWhole: false, now: 10_000)
    #expect(pace.question(after: 1000, isWhole: false, now: 10_100) == question)
    #expect(pace.hold(now: 14_099) == 1)
    #expect(pace.hold(now: 14_100) == nil)
    #expect(pace.question(after: 1000, isWhole: false, now: 14_150) == [])
    // It was late, and not lost.
    pace.answered(1)
    #expect(pace.question(after: 1000, isWhole: false, now: 14_200) == question)
  }
}
