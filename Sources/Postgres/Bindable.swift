/// A value that can be bound to a statement, in PostgreSQL's text form.
public protocol Bindable: Sendable {
  /// The text form; nil is NULL. A NUL byte in it makes the statement unsendable.
  var parameterText: String? { get }
}

extension String: Bindable {
  public var parameterText: String? { self }
}

extension Int: Bindable {
  public var parameterText: String? { String(self) }
}

extension Int64: Bindable {
  public var parameterText: String? { String(self) }
}

extension Bool: Bindable {
  public var parameterText: String? { self ? "t" : "f" }
}

/// Bytes travel as `bytea` in its hexadecimal form, texts as the literal of a one-dimensional array.
extension Array: Bindable where Element: ArrayBindable {
  public var parameterText: String? { Element.parameterText(of: self) }
}

/// What an array of these is to PostgreSQL.
public protocol ArrayBindable: Sendable {
  static func parameterText(of values: [Self]) -> String
}

extension UInt8: ArrayBindable {
  public static func parameterText(of values: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text = Array("\\x".utf8)
    text.reserveCapacity(2 + values.count * 2)
    for byte in values {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension String: ArrayBindable {
  public static func parameterText(of values: [String]) -> String { ArrayText.literal(values) }
}
