import Glibc

/// What the program says of itself to the server, as `application_name`: its terminal and where the person came from.
/// A claim, which anyone can make; the audit keeps it as one.
enum ClientName {
  /// At most 63 bytes of printable ASCII, which is what PostgreSQL keeps.
  static func text(terminal: String?, ssh: String?) -> String {
    var words = ["landlord"]
    if let terminal { words.append(terminal.hasPrefix("/dev/") ? String(terminal.dropFirst(5)) : terminal) }
    // Source: ssh(1), SSH_CONNECTION: client address, client port, server address, server port.
    if let address = ssh?.split(separator: " ").first { words += ["ssh", String(address)] }
    let bytes = words.joined(separator: " ").utf8.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
    return String(decoding: bytes.prefix(63), as: UTF8.self)
  }

  /// This process's own.
  static var current: String {
    var name = [CChar](repeating: 0, count: 256)
    let terminal = [STDIN_FILENO, STDERR_FILENO].first { ttyname_r($0, &name, name.count) == 0 }
      .map { _ in String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) }
    return text(terminal: terminal, ssh: getenv("SSH_CONNECTION").map { String(cString: $0) })
  }
}
