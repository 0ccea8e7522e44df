/// What other programs put into `DATABASE_URL`: a connection URL, often with parameters of their own.
/// Source: PostgreSQL manual, 34.1.1.2.
struct DatabaseURL: Equatable {
  /// The URL as libpq takes it.
  var conninfo: String
  /// The names of the parameters that were left out, in order.
  var dropped: [String] = []

  /// Leaves out of the query what is not `known`. A text that is no URL is taken for a connection string as it is.
  /// Fails when the URL is for another kind of database.
  init(_ text: String, known: Set<String>) throws(Failure) {
    guard let colon = text.range(of: "://") else {
      conninfo = text
      return
    }
    let scheme = text[..<colon.lowerBound]
    guard scheme == "postgres" || scheme == "postgresql" else {
      throw Failure(
        .usage,
        "DATABASE_URL is for \"\(scheme)\", and landlord needs PostgreSQL; name a database by --database or LANDLORD_DATABASE"
      )
    }
    guard let mark = text.firstIndex(of: "?") else {
      conninfo = text
      return
    }
    var kept: [Substring] = []
    for part in text[text.index(after: mark)...].split(separator: "&") {
      let name = Self.decoded(part.prefix { $0 != "=" })
      // libpq takes JDBC's ssl=true for sslmode=require.
      if known.contains(name) || name == "ssl" { kept.append(part) } else { dropped.append(name) }
    }
    conninfo = text[..<mark] + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&"))
  }

  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension String {
  /// Where `text` first stands, by bytes.
  fileprivate func range(of text: String) -> Range<Index>? {
    var place = startIndex
    while place < endIndex {
      if self[place...].utf8.starts(with: text.utf8) {
        return place..<utf8.index(place, offsetBy: text.utf8.count)
      }
      place = utf8.index(after: place)
    }
    return nil
  }
}
