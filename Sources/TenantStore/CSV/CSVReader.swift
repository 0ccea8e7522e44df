/// The rows of a CSV file, one after the other, each with the line on which it begins. Source: RFC 4180, and what spreadsheets make
/// of it: a byte order mark before all, a semicolon or a tab between cells, and LF as well as CRLF at a row's end.
///
/// Strict: what could be read in two ways is a problem of its row, and reading goes on with the next line. Cells are the exact bytes.
public struct CSVReader: Sequence, IteratorProtocol {
  public struct Row: Equatable, Sendable {
    /// 1-based, in lines as an editor counts them.
    public var line: Int
    public var cells: [String] = []
    /// Why it cannot be read, in words; the cells are those before that place.
    public var problem: String?
  }

  private let bytes: [UInt8]
  private let separator: UInt8
  private var place = 0
  private var line = 1

  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    // The names of columns hold none of these, so the first that stands there parts them.
    let first = bytes[place...].prefix { $0 != Self.lineFeed }
    separator =
      first.first { [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")].contains($0) }
      ?? UInt8(ascii: ",")
  }

  /// The next row in which anything stands; nil after the last.
  public mutating func next() -> Row? {
    while place < bytes.count {
      let row = row()
      if row.problem != nil || row.cells.contains(where: { !$0.isEmpty }) { return row }
    }
    return nil
  }

  private mutating func row() -> Row {
    var row = Row(line: line)
    repeat {
      do throws(Problem) { row.cells.append(try cell()) } catch {
        row.problem = error.words
        skipLine()
        return row
      }
    } while take(separator)
    _ = take(Self.carriageReturn)
    if take(Self.lineFeed) { line += 1 }
    return row
  }

  private struct Problem: Error {
    var words: String
    init(_ words: String) { self.words = words }
  }

  /// Up to the separator or the line's end, neither of which is taken.
  private mutating func cell() throws(Problem) -> String {
    if take(Self.quote) { return try quoted() }
    let start = place
    while place < bytes.count, bytes[place] != separator, !isAtLineEnd {
      if bytes[place] == Self.quote {
        throw Problem("a quote stands inside a cell that does not begin with one")
      }
      if bytes[place] == Self.carriageReturn {
        throw Problem("a carriage return stands alone; save the file anew")
      }
      place += 1
    }
    return try text(bytes[start..<place])
  }

  /// After the opening quote, up to and with the closing one.
  private mutating func quoted() throws(Problem) -> String {
    var value: [UInt8] = []
    while true {
      guard place < bytes.count else { throw Problem("a quote is opened and never closed") }
      let byte = bytes[place]
      place += 1
      if byte == Self.lineFeed { line += 1 }
      if byte == Self.quote, !take(Self.quote) { break }
      value.append(byte)
    }
    guard place == bytes.count || bytes[place] == separator || isAtLineEnd else {
      throw Problem("something stands behind a closing quote")
    }
    return try text(value[...])
  }

  private func text(_ bytes: ArraySlice<UInt8>) throws(Problem) -> String {
    if bytes.contains(0) { throw Problem("a NUL character stands in a cell") }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Problem("this is no UTF-8; save the file as UTF-8")
    }
    return text
  }

  private var isAtLineEnd: Bool {
    let rest = bytes[place...].prefix(2)
    return rest.first == Self.lineFeed || rest.elementsEqual([Self.carriageReturn, Self.lineFeed])
      || place == bytes.count - 1 && rest.first == Self.carriageReturn
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard place < bytes.count, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  private mutating func skipLine() {
    while place < bytes.count, bytes[place] != Self.lineFeed { place += 1 }
    if take(Self.lineFeed) { line += 1 }
  }

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
}
