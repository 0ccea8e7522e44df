import Glibc
import Terminal

/// Where results go, and nothing but results. Collected and written in large pieces; call `finish()` at the end, or what
/// was not written is lost without a word.
final class StandardOutput {
  private var buffer: [UInt8] = []
  /// A person reads it.
  let isTerminal = isatty(STDOUT_FILENO) == 1

  func write(_ text: String) throws(Failure) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= 1 << 16 { try flush() }
  }

  func line(_ text: String) throws(Failure) { try write(text + "\n") }

  /// A value of someone's, fit for where it goes: on a terminal cleaned of all that could draw; elsewhere the exact
  /// characters, but control characters, which could break a line or a cell, become U+FFFD.
  func shown(_ value: String) -> String {
    if isTerminal { return SafeText(value).text }
    guard value.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      return value
    }
    var text = String.UnicodeScalarView()
    for scalar in value.unicodeScalars {
      text.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
    }
    return String(text)
  }

  /// Writes the rest. Fails where it cannot be written, such as on a full disk.
  func finish() throws(Failure) { try flush() }

  /// Writes what there is and waits so many milliseconds. Ends the program where nobody reads any more.
  func pause(_ milliseconds: Int32) throws(Failure) {
    try flush()
    var entry = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    if poll(&entry, 1, milliseconds) > 0 { exit(128 + SIGPIPE) }
  }

  private func flush() throws(Failure) {
    var rest = buffer[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EPIPE {
        // The reader has seen enough. The end is the one that the signal would have brought, had it not been ignored.
        exit(128 + SIGPIPE)
      } else if errno == EAGAIN {
        var entry = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        poll(&entry, 1, -1)
      } else if errno != EINTR {
        buffer = []
        throw .system("cannot write to standard output")
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
