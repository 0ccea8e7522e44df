/// Rows for spreadsheets and other programs; `CSVReader` reads them. Source: RFC 4180: CRLF after each row, quotes where they are needed.
public enum CSV {
  /// One row. A cell that a spreadsheet would take for a formula (it begins with = + - @, a tab or a carriage return) gets
  /// an apostrophe before it, because tenants choose their names and other people open the file.
  public static func row(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

  private static func cell(_ value: String) -> String {
    var text = value
    if let first = value.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) { text = "'" + text }
    guard text.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return text }
    var quoted = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted.append(scalar) }
      quoted.append(scalar)
    }
    quoted.append("\"")
    return String(quoted)
  }
}
