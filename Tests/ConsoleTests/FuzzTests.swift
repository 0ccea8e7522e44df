import TenantStore
import Terminal
import TestServer
import Testing

@testable import Console

/// Random keys, answers, losses and sizes. Whatever comes, the console draws, and nothing is changed that was not on the
/// screen to be confirmed.
@Suite("Random input") struct FuzzTests {
  /// The places in which a key may send a change, each of which names that key.
  private static let confirming: Set<Place> = [
    .review, .transition, .bulk, .applying, .viewName, .viewRemoval, .finding, .doctor, .conflict,
  ]

  @Test(arguments: 0..<UInt64(Length.isLong ? 2_000 : 20)) func nothingIsChangedUnasked(_ seed: UInt64) {
    var random = SeededRandom(seed)
    var stage = Stage.list(Sample.many(0..<30))
    for _ in 0..<60 {
      // What was on the screen when the person, or the noise on the line, began to type.
      // A question under the help screen was seen before that was opened.
      let seen = Set(stage.app.stack.map(\.place))
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        _ = stage.asked()
        stage.send(.key(Self.key(in: stage.app.top, &random)))
        for request in stage.asked() where request.requestID != nil {
          if case .settle = request { continue }
          #expect(!Self.confirming.isDisjoint(with: seen), "seed \(seed): \(request) was sent from \(seen)")
        }
      }
      Self.happen(&stage, &random)
      let frame = stage.frame
      #expect(frame.lines.count <= frame.size.lines, "seed \(seed)")
      if Bool.random(using: &random) { stage.send(.painted) }
    }
  }

  /// Half of the keys mean something where they are pressed.
  private static func key(in place: Place, _ random: inout SeededRandom) -> Key {
    if Bool.random(using: &random) {
      let keys = Keymap.standard.bindings(in: place).flatMap(\.keys)
      // Leaving ends the test.
      if let key = keys.randomElement(using: &random), key != .control("c") { return key }
    }
    var decoder = KeyDecoder()
    let bytes = (0..<6).map { _ in UInt8.random(in: 0...255, using: &random) }
    return (decoder.feed(bytes) + decoder.timeout()).randomElement(using: &random) ?? .escape
  }

  private static func happen(_ stage: inout Stage, _ random: inout SeededRandom) {
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<5: stage.answerAll()
    case 5: stage.answerAll(Hostile.errors.randomElement(using: &random))
    case 6: stage.answerAll(.unknown(Sample.id(1)))
    case 7:
      stage.send(.link(.down("gone")))
      stage.send(.link(.up))
    case 8:
      stage.size = Size(
        columns: Int.random(in: 1...120, using: &random), lines: Int.random(in: 1...40, using: &random))
      stage.send(.resized(stage.size))
    default:
      stage.size = Size(columns: 80, lines: 24)
      stage.send(.resized(stage.size))
      for effect in stage.wanted() {
        if case .wakeAfter(_, let alarm) = effect { stage.send(.alarm(alarm)) }
      }
    }
  }
}

/// The same numbers for the same seed, so that a failure can be made again.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  /// Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators" (SplitMix64).
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
