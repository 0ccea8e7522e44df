import Glibc
import Terminal

/// What is said to the person beside the results: problems, progress, advice. Never while the screen is up.
enum StandardError {
  /// A line (or several); text from servers and files is cleaned on the way.
  static func say(_ text: String) { show(text, before: "landlord: ") }

  /// The same without our name; nothing for an empty text.
  static func show(_ text: String) { if !text.isEmpty { show(text, before: "") } }

  private static func show(_ text: String, before: String) {
    for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
      put("\(before)\(SafeText(String(line)).text)\n")
    }
  }

  /// As it is: only text of ours.
  static func put(_ text: String) {
    let bytes = Array(text.utf8)
    // Nobody is left to tell if this fails.
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }

  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
