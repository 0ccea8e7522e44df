import Glibc

/// How far the screen may run ahead of its terminal.
///
/// Over a slow line everything written is taken at once and waits somewhere on the way: a key held down would fill the line
/// with paints that are still being shown long after it was let go. So paints that follow each other quickly end in a
/// question to the terminal (DSR 5, "are you there?"); its answer says that everything before it has arrived. While more
/// than `most` bytes are unanswered nothing is painted, and the newest frame waits. A paint after a rest asks nothing, and
/// a terminal that has not answered the whole repaint at the beginning is neither asked again nor waited for.
struct Pace {
  private static let question = Array("\u{1B}[5n".utf8)
  /// Bytes on the way that are too many: half a second of a line that carries 2 KB in one.
  private static let most = 1024
  /// After so many bytes it is worth asking.
  private static let piece = 256
  /// Paints that are no further apart belong together, in milliseconds.
  private static let run: Int64 = 500
  /// An answer that takes longer will not come, in milliseconds.
  private static let patience: Int64 = 4000

  /// The terminal is one that answers.
  private var answers = false
  /// The questions without an answer: when they were asked, and how many bytes came with them since the one before.
  private var asked: [(at: Int64, bytes: Int)] = []
  private var unasked = 0
  private var lastPaint = Int64.min / 2

  /// What to send behind a paint of so many bytes, in the same write: a question, or nothing.
  mutating func question(after bytes: Int, isWhole: Bool, now: Int64 = Pace.now) -> [UInt8] {
    if bytes == 0 { return [] }
    let isRun = now - lastPaint < Self.run
    lastPaint = now
    // What was sent before a rest has arrived since.
    unasked = (isRun ? unasked : 0) + bytes
    guard isWhole || (answers && isRun && unasked >= Self.piece) else { return [] }
    asked.append((now, unasked))
    unasked = 0
    return Self.question
  }

  /// So many answers have come.
  mutating func answered(_ count: Int) {
    if count > 0 { answers = true }
    asked.removeFirst(min(count, asked.count))
  }

  /// Milliseconds for which nothing may be painted unless an answer comes; nil: paint.
  mutating func hold(now: Int64 = Pace.now) -> Int? {
    if let first = asked.first, now - first.at >= Self.patience {
      answers = false
      asked = []
    }
    guard answers, let first = asked.first, asked.reduce(0, { $0 + $1.bytes }) >= Self.most else {
      return nil
    }
    return Int(first.at + Self.patience - now)
  }

  /// Answers are on their way that would be typed into the shell if nobody took them.
  var isAwaiting: Bool { answers && !asked.isEmpty }

  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
