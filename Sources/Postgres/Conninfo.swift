/// A connection string in libpq's keyword form. Source: PostgreSQL manual, 34.1.1.1.
public enum Conninfo {
  /// `keyword='value'` for each, blanks between; quotes and backslashes in a value are escaped.
  public static func text(_ parameters: [(keyword: String, value: String)]) -> String {
    parameters.map { "\($0.keyword)='\(escaped($0.value))'" }.joined(separator: " ")
  }

  /// Whether libpq takes the text for a database's name alone.
  static func isDatabaseName(_ text: String) -> Bool {
    !text.utf8.contains(UInt8(ascii: "=")) && !text.utf8.starts(with: "postgres://".utf8)
      && !text.utf8.starts(with: "postgresql://".utf8)
  }

  private static func escaped(_ value: String) -> String {
    value.unicodeScalars.reduce(into: "") { text, scalar in
      if scalar == "'" || scalar == "\\" { text += "\\" }
      text.unicodeScalars.append(scalar)
    }
  }

  /// libpq's complaint about a connection string, without what it quotes from it unless that is the name of an option:
  /// a password may stand anywhere in a broken string.
  static func complaint(_ message: String) -> String {
    let text = String(message.unicodeScalars.filter { $0 != "\n" })
    if text.utf8.starts(with: "invalid connection option".utf8)
      || text.utf8.starts(with: "invalid URI query parameter".utf8)
    {
      return text + " (not known to this version of libpq)"
    }
    guard let first = text.firstIndex(of: "\""), let last = text.lastIndex(of: "\""), first < last else {
      return text
    }
    return "\(text[..<first])…\(text[text.index(after: last)...])"
  }
}
