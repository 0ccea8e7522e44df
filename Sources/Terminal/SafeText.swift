import Glibc

/// Text that may be drawn: the only kind the screen takes. Its initialiser is the only place that cleans.
public struct SafeText: Sendable, ExpressibleByStringLiteral {
  /// The cleaned text: one line, no control, bidi, or invisible characters.
  public let text: String
  /// Columns it takes.
  public let width: Int
  /// How many characters of the raw text could not be shown and were left out.
  public let hidden: Int

  /// A character keeps at most this many combining marks; ncurses has room for no more in a cell.
  static let marksKept = 4

  /// Cleans `raw`. Never fails; never longer than the raw text allows.
  /// A line feed or a tab becomes one blank; whatever else cannot be shown is left out and counted in `hidden`:
  /// controls, bidi controls, joiners and other invisible characters, private and unassigned ones, and combining
  /// marks that have nothing to stand on or come in a flood.
  public init(_ raw: String) {
    if let ascii = SafeText(printableASCII: raw) {
      self = ascii
      return
    }
    var kept = String.UnicodeScalarView()
    var width = 0
    var hidden = 0
    // No base yet: a mark at the very start would be drawn on whatever stands left of this text.
    var marks = Self.marksKept
    for scalar in raw.unicodeScalars {
      if scalar == "\n" || scalar == "\t" {
        kept.append(" ")
        width += 1
        marks = 0
        continue
      }
      switch DisplayClass(scalar) {
      case .hidden: hidden += 1
      case .combining where marks == Self.marksKept: hidden += 1
      case .combining:
        marks += 1
        kept.append(scalar)
      case .narrow, .wide:
        marks = 0
        width += DisplayClass(scalar) == .wide ? 2 : 1
        kept.append(scalar)
      }
    }
    self.init(clean: String(kept), width: width, hidden: hidden)
  }

  public init(stringLiteral value: String) { self.init(value) }

  /// For text that is known to be clean, because it was cut out of a `SafeText`.
  init(clean text: String, width: Int, hidden: Int) {
    self.text = text
    self.width = width
    self.hidden = hidden
  }

  /// `count` blanks; none where `count` is negative.
  public static func blanks(_ count: Int) -> SafeText {
    let count = max(0, count)
    return SafeText(clean: String(repeating: " ", count: count), width: count, hidden: 0)
  }

  /// Nearly all text is printable ASCII: then nothing is to be cleaned and every byte is a column.
  private init?(printableASCII raw: String) {
    var raw = raw
    let length: Int? = raw.withUTF8 { bytes in
      for byte in bytes where byte < 0x20 || byte > 0x7E { return nil }
      return bytes.count
    }
    guard let length else { return nil }
    self.init(clean: raw, width: length, hidden: 0)
  }

  /// The characters of `raw` that the initialiser would leave out, in order, each as "U+202E".
  public static func hiddenCodePoints(in raw: String) -> [String] {
    parts(of: raw).compactMap { $0.isHidden ? name(of: $0.scalar) : nil }
  }

  /// Every character of `raw`, and whether the initialiser would leave it out.
  public static func parts(of raw: String) -> [(scalar: Unicode.Scalar, isHidden: Bool)] {
    var marks = marksKept
    return raw.unicodeScalars.map { scalar in
      if scalar == "\n" || scalar == "\t" {
        marks = 0
        return (scalar, false)
      }
      switch DisplayClass(scalar) {
      case .hidden: return (scalar, true)
      case .combining where marks == marksKept: return (scalar, true)
      case .combining: marks += 1
      case .narrow, .wide: marks = 0
      }
      return (scalar, false)
    }
  }

  /// As "U+202E".
  public static func name(of scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// Both texts, one after the other; `hidden` is the sum.
  public static func + (a: SafeText, b: SafeText) -> SafeText {
    SafeText(clean: a.text + b.text, width: a.width + b.width, hidden: a.hidden + b.hidden)
  }
}

extension SafeText: Hashable {
  /// Equal bytes. `String ==` also finds texts equal that only look the same (composed and decomposed é), and is slower.
  public static func == (a: SafeText, b: SafeText) -> Bool {
    guard a.width == b.width, a.hidden == b.hidden else { return false }
    let count = a.text.utf8.count
    guard count == b.text.utf8.count else { return false }
    // As wide as it has bytes is ASCII alone, for which `String ==` compares bytes; and it sees at once that both are the
    // same string, as nearly all are that every paint compares with what is shown.
    return a.width == count ? a.text == b.text : sameBytes(a.text, b.text)
  }

  private static func sameBytes(_ a: String, _ b: String) -> Bool {
    let areSame: Bool?? = a.utf8.withContiguousStorageIfAvailable { a in
      b.utf8.withContiguousStorageIfAvailable { b in
        a.count == b.count && (a.isEmpty || memcmp(a.baseAddress!, b.baseAddress!, a.count) == 0)
      }
    }
    return (areSame ?? nil) ?? a.utf8.elementsEqual(b.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(hidden)
    for byte in text.utf8 { hasher.combine(byte) }
  }
}
