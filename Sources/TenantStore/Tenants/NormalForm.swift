@_spi(_Unicode) import Swift

/// Unicode's normal forms, by the standard library's own tables (no ICU). Characters newer than the server's tables could be
/// judged differently there; then the server's verdict counts.
enum NormalForm {
  /// NFC.
  static func composed(_ text: String) -> String { scalars(text._nfc) }

  /// NFD.
  static func decomposed(_ text: String) -> String { scalars(text._nfd) }

  private static func scalars(_ form: some Sequence<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: form)
    return String(text)
  }
}
