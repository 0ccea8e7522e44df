@testable import Terminal

/// A screen drawn as SVG: the frame laid out as for a terminal, in a theme's colours, in a plain window.
///
/// Each piece of text has its place and its length in cells of its own, so it stands where the terminal puts it whatever
/// fixed-width font the reader has; wide characters are pieces apart from narrow ones, because fonts differ in them most.
struct Drawing {
  private static let cell = (width: 9, height: 20)
  private static let font = 15
  private static let baseline = 15
  private static let bar = 30
  private static let margin = 12

  private let title: String
  private let size: Size
  private let ground: Ink
  private var under: [String] = []
  private var over: [String] = []
  private var inks: [Ink] = []

  init(_ frame: Frame, in theme: Theme, title: String) {
    self.title = title
    size = frame.size
    ground = Ink(theme.ground)
    for (row, line) in frame.lines.enumerated() {
      for run in LineLayout(line, columns: size.columns).runs { draw(run, row, Ink(theme[run.role])) }
    }
    if let cursor = frame.cursor {
      under.append(
        rectangle(
          column: cursor.column, row: cursor.line, columns: 1,
          "fill=\"\(hex(ground.foreground))\" opacity=\".45\""))
    }
  }

  private mutating func draw(_ run: LineLayout.Run, _ row: Int, _ ink: Ink) {
    if ink.background != ground.background {
      under.append(
        rectangle(
          column: run.column, row: row, columns: run.text.width, "fill=\"\(hex(ink.background))\""))
    }
    if ink.isUnderlined {
      let (x, y) = (run.column * Self.cell.width, row * Self.cell.height + Self.baseline + 2)
      under.append(
        "<path d=\"M\(x) \(y).5h\(run.text.width * Self.cell.width)\" stroke=\"\(hex(ink.foreground))\"/>")
    }
    for piece in Piece.pieces(of: run) { draw(piece, row, ink) }
  }

  private mutating func draw(_ piece: Piece, _ row: Int, _ ink: Ink) {
    if !inks.contains(ink) { inks.append(ink) }
    let length = piece.columns * Self.cell.width
    over.append(
      "<text class=\"\(name(of: ink))\" x=\"\(piece.column * Self.cell.width)\" "
        + "y=\"\(row * Self.cell.height + Self.baseline)\""
        + (piece.characters > 1 ? " textLength=\"\(length)\">" : ">") + "\(escaped(piece.text))</text>")
  }

  private func rectangle(column: Int, row: Int, columns: Int, _ look: String) -> String {
    "<rect x=\"\(column * Self.cell.width)\" y=\"\(row * Self.cell.height)\" "
      + "width=\"\(columns * Self.cell.width)\" height=\"\(Self.cell.height)\" \(look)/>"
  }

  /// The classes are letters, in the order in which they are needed.
  private func name(of ink: Ink) -> String {
    let place = inks.firstIndex(of: ink) ?? 0
    return String(Unicode.Scalar(UInt8(ascii: "a") + UInt8(place)))
  }

  /// The whole file.
  var svg: String {
    let (width, height) = (
      size.columns * Self.cell.width + 2 * Self.margin, size.lines * Self.cell.height + Self.bar + Self.margin
    )
    func shade(_ share: Double) -> String {
      hex(PlainPalette.mix(ground.background, ground.foreground, share))
    }
    let styles = inks.map {
      ".\(name(of: $0)){fill:\(hex($0.foreground))\($0.isBold ? ";font-weight:bold" : "")}"
    }
    let buttons = (0..<3).map { "<circle cx=\"\(18 + 18 * $0)\" cy=\"16\" r=\"5\" fill=\"\(shade(0.3))\"/>" }
    let lines =
      [
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
          + "viewBox=\"0 0 \(width) \(height)\" font-size=\"\(Self.font)\" "
          + "font-family=\"DejaVu Sans Mono,Menlo,Consolas,Liberation Mono,monospace\">",
        "<title>\(escaped(title))</title>",
        "<style>\(styles.joined())</style>",
        "<rect x=\".5\" y=\".5\" width=\"\(width - 1)\" height=\"\(height - 1)\" rx=\"8\" "
          + "fill=\"\(hex(ground.background))\" stroke=\"\(shade(0.3))\"/>",
      ] + buttons + [
        "<text x=\"\(width / 2)\" y=\"20\" font-size=\"12\" text-anchor=\"middle\" fill=\"\(shade(0.6))\">"
          + "\(escaped(title))</text>",
        "<g transform=\"translate(\(Self.margin) \(Self.bar))\">",
      ] + under + over + ["</g>", "</svg>"]
    return lines.joined(separator: "\n") + "\n"
  }

  private func hex(_ paint: Paint) -> String {
    let digits = String(paint, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  private func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

/// A part of a run that is set as one: without wide gaps, and all its characters of one width.
private struct Piece {
  var text = ""
  var column: Int
  var columns = 0
  var characters = 0
  var isWide = false

  static func pieces(of run: LineLayout.Run) -> [Piece] {
    var pieces: [Piece] = []
    var piece: Piece?
    var column = run.column
    var blanks = 0
    for scalar in run.text.text.unicodeScalars {
      let width = SafeText(String("x\(Character(scalar))")).width - 1
      if scalar == " " {
        blanks += 1
      } else {
        let isOther = width > 0 && piece?.isWide != (width == 2)
        if piece == nil || blanks > 1 || isOther {
          if let piece { pieces.append(piece) }
          piece = Piece(column: column, isWide: width == 2)
        } else if blanks == 1 {
          piece?.add(" ", 1)
        }
        piece?.add(scalar, width)
        blanks = 0
      }
      column += width
    }
    return piece.map { pieces + [$0] } ?? pieces
  }

  private mutating func add(_ scalar: Unicode.Scalar, _ width: Int) {
    text.unicodeScalars.append(scalar)
    columns += width
    if width > 0 { characters += 1 }
  }
}
