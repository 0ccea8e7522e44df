/// What a statement answered: its rows, in the server's order, copied out of libpq. All cells lie in one buffer, so that
/// thousands of rows cost one allocation and reading a cell costs a slice.
public struct Rows: Sendable {
  /// The names of the columns, as the statement names them.
  public let columns: [String]
  /// How many rows a command such as UPDATE touched; for a query how many it returned.
  public let affected: Int64
  fileprivate let bytes: [UInt8]
  /// Where each cell ends, row by row; its start is the end of the one before. NULL is the complement (`~end`).
  fileprivate let ends: [Int]

  init(columns: [String], affected: Int64, bytes: [UInt8], ends: [Int]) {
    self.columns = columns
    self.affected = affected
    self.bytes = bytes
    self.ends = ends
  }

  /// The only row. Precondition: there is exactly one, as the statement's form promises.
  public var exactlyOne: Row {
    precondition(count == 1, "a statement that answers one row answered \(count)")
    return self[0]
  }
}

extension Rows: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { columns.isEmpty ? 0 : ends.count / columns.count }
  public subscript(position: Int) -> Row { Row(rows: self, first: position * columns.count) }
}

/// One row. Cells are asked for by the place of their column, from 0, and in the type that the statement gives them:
/// asking for another is a mistake of ours and traps with the column's name, never with its value.
public struct Row: Sendable {
  fileprivate let rows: Rows
  fileprivate let first: Int

  public func isNull(_ column: Int) -> Bool { cell(column) == nil }

  /// The bytes of the cell's text form as the server sent them; nil for NULL.
  private func cell(_ column: Int) -> ArraySlice<UInt8>? {
    precondition(column < rows.columns.count, "no column \(column)")
    let place = first + column
    let end = rows.ends[place]
    if end < 0 { return nil }
    let before = place == 0 ? 0 : rows.ends[place - 1]
    return rows.bytes[(before < 0 ? ~before : before)..<end]
  }

  private func present(_ column: Int) -> ArraySlice<UInt8> {
    guard let cell = cell(column) else { fail(column, "is NULL") }
    return cell
  }

  private func fail(_ column: Int, _ what: String) -> Never {
    preconditionFailure("column \(rows.columns[column]) \(what)")
  }

  /// The text, exactly the server's bytes. The server sends valid UTF-8 (`client_encoding`) from every database that
  /// has an encoding; only one without (SQL_ASCII) could send anything else, and that is repaired here.
  public func string(_ column: Int) -> String { String(decoding: present(column), as: UTF8.self) }

  public func optionalString(_ column: Int) -> String? {
    cell(column).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A whole number.
  public func int64(_ column: Int) -> Int64 { number(column, present(column)) }

  public func optionalInt64(_ column: Int) -> Int64? { cell(column).map { number(column, $0) } }

  private func number(_ column: Int, _ cell: ArraySlice<UInt8>) -> Int64 {
    let negative = cell.first == UInt8(ascii: "-")
    var value: Int64 = 0
    let digits = negative ? cell.dropFirst() : cell
    for byte in digits {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { fail(column, "is no whole number") }
      // Counted downwards, so that the smallest number fits too.
      value = value * 10 - Int64(byte - UInt8(ascii: "0"))
    }
    if digits.isEmpty { fail(column, "is no whole number") }
    return negative ? value : -value
  }

  public func bool(_ column: Int) -> Bool {
    switch present(column).first {
    case UInt8(ascii: "t"): true
    case UInt8(ascii: "f"): false
    default: fail(column, "is no boolean")
    }
  }

  public func optionalBool(_ column: Int) -> Bool? { isNull(column) ? nil : bool(column) }

  /// The elements of a `text[]` that holds no NULL.
  public func strings(_ column: Int) -> [String] {
    optionalStrings(column).map { element in
      guard let element else { fail(column, "holds a NULL element") }
      return element
    }
  }

  /// The elements of a `text[]`, NULL as nil.
  public func optionalStrings(_ column: Int) -> [String?] {
    guard let elements = ArrayText.elements(present(column)) else {
      fail(column, "is no array of one dimension")
    }
    return elements
  }

  /// The bytes of a `bytea`, whichever of its two forms the server's `bytea_output` chooses.
  public func bytes(_ column: Int) -> [UInt8] {
    guard let bytes = ByteaText.bytes(present(column)) else { fail(column, "is no bytea") }
    return bytes
  }

  /// The bytes of the cell's text form itself, for what is read another way, hashed or compared as it was stored.
  public func text(_ column: Int) -> ArraySlice<UInt8> { present(column) }
}

/// The two text forms of `bytea`. Source: PostgreSQL manual, 8.4.
enum ByteaText {
  static func bytes(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    text.starts(with: "\\x".utf8) ? hexadecimal(text.dropFirst(2)) : escaped(text)
  }

  private static func hexadecimal(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text
    while let high = rest.popFirst() {
      guard let low = rest.popFirst(), let high = digit(high), let low = digit(low) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func escaped(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        bytes.append(byte)
        continue
      }
      guard let next = rest.popFirst() else { return nil }
      if next == UInt8(ascii: "\\") {
        bytes.append(next)
        continue
      }
      guard let a = digit(next), let b = rest.popFirst().flatMap(digit),
        let c = rest.popFirst().flatMap(digit),
        a < 4, b < 8, c < 8
      else { return nil }
      bytes.append(a << 6 | b << 3 | c)
    }
    return bytes
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
