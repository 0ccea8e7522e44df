import Console
import Glibc
import Terminal

/// Standard input and output as the plain console's lines.
final class PlainTerminal: PlainLines {
  private let output: StandardOutput
  /// Read, and not yet asked for.
  private var pending: [UInt8] = []
  private var hasEnded = false

  init(_ output: StandardOutput) { self.output = output }

  func next() -> [UInt8]? {
    flush()
    while true {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        var line = Array(pending[..<end])
        pending.removeSubrange(...end)
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
      }
      if hasEnded {
        // A last line may lack its end.
        defer { pending = [] }
        return pending.isEmpty ? nil : pending
      }
      readOn()
    }
  }

  private func readOn() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &buffer, buffer.count)
    if count > 0 {
      pending += buffer[..<count]
    } else if count == 0 || errno != EINTR {
      hasEnded = true
    }
  }

  func say(_ line: SafeText) { attempt { () throws(Failure) in try output.line(line.text) } }

  func flush() { attempt { () throws(Failure) in try output.finish() } }

  /// Nobody can be told what cannot be written: then it ends, saying why where errors go.
  private func attempt(_ write: () throws(Failure) -> Void) {
    do throws(Failure) { try write() } catch {
      StandardError.say(error.message)
      exit(error.status.rawValue)
    }
  }
}
