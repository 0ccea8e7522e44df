/// One SQL statement with its parameters. Written as an interpolated string, in which each value becomes `$n`:
/// the safe way is the shortest to type. `\(unescaped:)` puts text into the SQL itself.
public struct Statement: Equatable, Sendable, ExpressibleByStringInterpolation, CustomStringConvertible,
  CustomReflectable
{
  /// The SQL around the parameters: always one piece more than there are parameters, so that a statement can be
  /// put into another without looking for placeholders in its text.
  private(set) var pieces: [String]
  /// In order of `$1`, `$2` …, in text form; nil is NULL.
  public private(set) var parameters: [String?]

  public init(stringLiteral value: String) {
    pieces = [value]
    parameters = []
  }

  public init(stringInterpolation: StringInterpolation) {
    pieces = stringInterpolation.pieces
    parameters = stringInterpolation.parameters
  }

  /// The SQL, with `$1`, `$2` … where the parameters belong.
  public var sql: String {
    pieces.dropFirst().enumerated().reduce(into: pieces[0]) { $0 += "$\($1.offset + 1)\($1.element)" }
  }

  /// The SQL with its values in it as literals: for a person to read and to run elsewhere. Never for a log, and not what is
  /// sent.
  public var sqlWithValues: String {
    zip(parameters, pieces.dropFirst()).reduce(into: pieces[0]) { $0 += Self.literal($1.0) + $1.1 }
  }

  /// Source: PostgreSQL manual, 4.1.2.1 and 4.1.2.2.
  private static func literal(_ value: String?) -> String {
    guard let value else { return "NULL" }
    let hasBackslash = value.utf8.contains(UInt8(ascii: "\\"))
    var text = (hasBackslash ? " E'" : "'").unicodeScalars
    for scalar in value.unicodeScalars {
      if scalar == "'" || scalar == "\\" { text.append(scalar) }
      text.append(scalar)
    }
    text.append("'")
    return String(text)
  }

  /// A NUL byte ends a text in the protocol: what follows it would be dropped without a word.
  var holdsNUL: Bool {
    pieces.contains { $0.utf8.contains(0) } || parameters.contains { $0?.utf8.contains(0) ?? false }
  }

  /// The SQL without the values, which belong to tenants: safe for a log.
  public var description: String { sql }
  public var customMirror: Mirror { Mirror(self, children: ["sql": sql]) }

  public struct StringInterpolation: StringInterpolationProtocol {
    var pieces = [""]
    var parameters: [String?] = []

    public init(literalCapacity: Int, interpolationCount: Int) {
      parameters.reserveCapacity(interpolationCount)
    }

    public mutating func appendLiteral(_ literal: String) { pieces[pieces.count - 1] += literal }

    public mutating func appendInterpolation(_ value: some Bindable) {
      parameters.append(value.parameterText)
      pieces.append("")
    }

    public mutating func appendInterpolation(_ value: (some Bindable)?) {
      parameters.append(value?.parameterText)
      pieces.append("")
    }

    /// Another statement as a part of this one; its parameters are renumbered.
    public mutating func appendInterpolation(_ part: Statement) {
      pieces[pieces.count - 1] += part.pieces[0]
      pieces += part.pieces.dropFirst()
      parameters += part.parameters
    }

    /// Text of ours, never of anyone else's, put into the SQL as it is.
    public mutating func appendInterpolation(unescaped text: String) { appendLiteral(text) }
  }
}
