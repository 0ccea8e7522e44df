import Console
import TenantStore
import Terminal

/// How far a long piece of work has come, on one line of standard error; nothing where that is no terminal.
final class ProgressBar {
  private let isShown = StandardError.isTerminal
  private var stage = ""
  private var progress = Progress(started: .now())

  /// `done` of `total` in this stage.
  func show(_ stage: String, _ done: Int64, of total: Int64) {
    guard isShown else { return }
    if stage != self.stage { (self.stage, progress) = (stage, Progress(started: .now())) }
    (progress.done, progress.total) = (Int(done), Int(total))
    StandardError.put("\r\u{1B}[K\(SafeText(stage).text) \(progress.words(at: .now()).text) (Ctrl-c stops)")
  }

  /// Takes it away.
  func clear() {
    if isShown { StandardError.put("\r\u{1B}[K") }
  }
}
