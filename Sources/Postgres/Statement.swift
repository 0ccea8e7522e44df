/// A value that can be bound to a statement, in PostgreSQL's text form.
public protocol Bindable: Sendable {
  /// The text form; nil is NULL. Must hold no NUL byte (the initialiser of `Statement` refuses it).
  var parameterText: String? { get }
}

/// One SQL statement with its parameters. Written as an interpolated string, in which each value becomes `$n`:
/// the safe way is the shortest to type. `\(unescaped:)` puts text into the SQL itself.
public struct Statement: Equatable, Sendable, ExpressibleByStringInterpolation {
  public private(set) var sql: String
  /// In order of `$1`, `$2` …, in text form; nil is NULL.
  public private(set) var parameters: [String?]

  public init(stringLiteral value: String) {
    sql = value
    parameters = []
  }

  public init(stringInterpolation: StringInterpolation) {
    sql = stringInterpolation.sql
    parameters = stringInterpolation.parameters
  }

  public struct StringInterpolation: StringInterpolationProtocol {
    var sql = ""
    var parameters: [String?] = []

    public init(literalCapacity: Int, interpolationCount: Int) {
      sql.reserveCapacity(literalCapacity + interpolationCount * 4)
      parameters.reserveCapacity(interpolationCount)
    }

    public mutating func appendLiteral(_ literal: String) { sql += literal }

    public mutating func appendInterpolation(_ value: some Bindable) {
      parameters.append(value.parameterText)
      sql += "$\(parameters.count)"
    }

    public mutating func appendInterpolation(_ value: (some Bindable)?) {
      parameters.append(value?.parameterText)
      sql += "$\(parameters.count)"
    }

    /// Another statement as a part of this one; its parameters are renumbered.
    public mutating func appendInterpolation(_ part: Statement) {
      var number = parameters.count
      parameters += part.parameters
      // A part's own placeholders appear in order, once each: that is how interpolation makes them.
      for piece in part.sql.split(separator: "$", omittingEmptySubsequences: false).enumerated() {
        guard piece.offset > 0 else { sql += piece.element; continue }
        number += 1
        sql += "$\(number)" + piece.element.drop { $0.isNumber }
      }
    }

    /// Text of ours, never of anyone else's, put into the SQL as it is.
    public mutating func appendInterpolation(unescaped text: String) { sql += text }
  }
}
