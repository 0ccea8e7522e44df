import Glibc

/// The characters the terminal is trusted with: all of them, or ASCII where the person's locale says so.
enum Letters {
  case unicode
  /// Lines are drawn with + - |, and what has no likeness is a "?" for each of its columns.
  case ascii

  /// Sets the locale for characters, and says what it allows.
  /// Where no locale is given, or the one given is not installed, UTF-8 is taken: a terminal that cannot show it is rarer than an
  /// environment that forgot to say so (ssh, containers). `LC_ALL=C` or `LC_CTYPE=C` is a word that counts, `LANG=C` is a default.
  static func chosen() -> Letters {
    for name in ["LC_ALL", "LC_CTYPE"] {
      guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { continue }
      if value == "C" || value == "POSIX" {
        setlocale(LC_CTYPE, "C")
        return .ascii
      }
      break
    }
    if setlocale(LC_CTYPE, "") != nil {
      if isUnicode { return .unicode }
      let given = setlocale(LC_CTYPE, nil).map { String(cString: $0) } ?? "C"
      // A real locale of another encoding (de_DE.ISO-8859-1): its terminal shows no UTF-8.
      if given != "C" && given != "POSIX" { return .ascii }
    }
    for name in ["C.UTF-8", "C.utf8", "en_US.UTF-8"] where setlocale(LC_CTYPE, name) != nil && isUnicode {
      return .unicode
    }
    setlocale(LC_CTYPE, "C")
    return .ascii
  }

  private static var isUnicode: Bool { String(cString: nl_langinfo(Int32(CODESET))) == "UTF-8" }

  /// `text` as it goes to the terminal; as wide as before.
  func drawn(_ text: String) -> String {
    switch self {
    case .unicode: return text
    case .ascii:
      if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
      var drawn = ""
      for scalar in text.unicodeScalars {
        switch DisplayClass(scalar) {
        case .combining, .hidden: break
        case .narrow: drawn.unicodeScalars.append(Self.likeness(of: scalar))
        case .wide: drawn += "??"
        }
      }
      return drawn
    }
  }

  private static func likeness(of scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.isASCII { return scalar }
    switch scalar {
    case "─", "━", "═", "╌", "┄", "–", "—", "−": return "-"
    case "│", "┃", "║", "╎", "┆", "▏", "▎": return "|"
    case "\u{2500}"..."\u{257F}": return "+"
    case "…": return "~"
    case "·", "•", "●": return "*"
    case "▸", "▶", "›", "»", "→": return ">"
    case "‹", "«", "←": return "<"
    case "↑", "▲": return "^"
    case "↓", "▼": return "v"
    case "▁", "▂": return "_"
    case "▃", "▄": return "o"
    case "▅", "▆": return "O"
    case "▇", "█", "▓", "▒", "░", "■", "▮": return "#"
    case "‘", "’": return "'"
    case "“", "”": return "\""
    case "\u{A0}": return " "
    default: return "?"
    }
  }
}
