import Glibc

/// How far a long piece of work has come, on one line of standard error; nothing where that is no terminal.
final class ProgressBar {
  private let isShown = StandardError.isTerminal
  private let width = 30
  private let began = ProgressBar.seconds

  /// `done` of `total` in this stage.
  func show(_ stage: String, _ done: Int64, of total: Int64) {
    guard isShown else { return }
    let share = total > 0 ? Double(min(done, total)) / Double(total) : 0
    let filled = Int(share * Double(width))
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    StandardError.put(
      "\r\u{1B}[K[\(bar)] \(Int(share * 100)) %  \(stage)  \(Self.seconds - began) s (Ctrl-c stops)")
  }

  /// Takes it away.
  func clear() {
    if isShown { StandardError.put("\r\u{1B}[K") }
  }

  private static var seconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec
  }
}
