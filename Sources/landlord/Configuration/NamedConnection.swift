import Postgres
import TOMLKit

/// A database that a person has given a name in `config.toml`:
///
///     [connection.prod]
///     conninfo = "host=db1.eu dbname=saas user=ana"   # anything libpq takes, without a password
///     environment = "production"                      # shown where the server itself says nothing
///     read_only = true                                # the server refuses every change from here
///     theme = "high-contrast"
///     password_command = "pass show landlord/prod"    # a line of shell; the first line it prints is the password
struct NamedConnection: Equatable {
  var name: String
  var conninfo: String
  var environment: String?
  var isReadOnly = false
  var theme: String?
  var passwordCommand: String?

  init(name: String, conninfo: String) {
    self.name = name
    self.conninfo = conninfo
  }

  /// From its table in the file at `path`, which a problem names. What is wrong makes the whole of it unusable: a line that
  /// was meant to forbid changes must not be passed over.
  init(_ name: String, _ table: TOMLTable?, _ path: String) throws(Failure) {
    let place = "\(path): connection.\(name)"
    guard EmbeddedDatabase(rawValue: name) == nil else {
      throw Failure(.usage, "\(place): this name is landlord's own; take another")
    }
    guard let table else { throw Failure(.usage, "\(place) must be a table") }
    func text(_ key: String) throws(Failure) -> String? {
      guard let value = table[key] else { return nil }
      guard let text = value.string, !text.isEmpty else {
        throw Failure(.usage, "\(place).\(key) must be a text")
      }
      return text
    }
    let known = ["conninfo", "environment", "read_only", "theme", "password_command"]
    if let strange = table.keys.first(where: { !known.contains($0) }) {
      throw Failure(
        .usage, "\(place): there is no setting \(strange); there are: \(known.joined(separator: ", "))")
    }
    guard let conninfo = try text("conninfo") else { throw Failure(.usage, "\(place) needs a conninfo") }
    try Self.refusePassword(in: conninfo, place)
    self.init(name: name, conninfo: conninfo)
    environment = try text("environment")
    theme = try text("theme")
    passwordCommand = try text("password_command")
    guard let readOnly = table["read_only"] else { return }
    guard let isReadOnly = readOnly.bool else {
      throw Failure(.usage, "\(place).read_only must be true or false")
    }
    self.isReadOnly = isReadOnly
  }

  /// Configuration files are copied, shared and backed up.
  private static func refusePassword(in conninfo: String, _ place: String) throws(Failure) {
    let given: [(keyword: String, value: String)]
    do { given = try Connection.parameters(in: conninfo) } catch {
      throw Failure(.usage, "\(place).conninfo is nothing that libpq understands: \(error.words)")
    }
    if let secret = given.first(where: { $0.keyword == "password" || $0.keyword == "sslpassword" }) {
      throw Failure(
        .usage,
        "\(place).conninfo holds a \(secret.keyword); keep it in ~/.pgpass or have password_command print it")
    }
  }
}
