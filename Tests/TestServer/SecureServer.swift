import Glibc
import Postgres

/// A PostgreSQL with landlord's schema that is reached over TLS, and that knows people by certificates of its own authority:
/// `ana` and `bob` have one, `guest` is let in without. All three are admins. Thrown away when the process ends.
public final class SecureServer: Sendable {
  private let directory: String
  private let port: Int
  private let server: ServerProcess

  public init() {
    var template = Array("/tmp/lls-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { TestServer.stop("cannot make a directory in /tmp") }
    directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    port = Self.freePort()
    server = ServerProcess(directory: directory)
    server.watch()
    server.initialise()
    server.run(["/bin/sh", "-ec", Self.certificates(directory)])
    server.start(
      log: directory + "/log",
      settings: [
        "listen_addresses=127.0.0.1", "port=\(port)", "ssl=on", "ssl_ca_file=\(directory)/ca.crt",
        "ssl_cert_file=\(directory)/server.crt", "ssl_key_file=\(directory)/server.key",
        "hba_file=\(directory)/hba",
      ])
    Schema.install(superuser)
    do {
      try TestServer.shared.connect(superuser).runScript(
        ["ana", "bob", "guest"].map { "CREATE ROLE \($0) LOGIN IN ROLE landlord_admin" }.joined(
          separator: ";"),
        deadline: 10_000)
    } catch { TestServer.stop("no logins: \(error)") }
  }

  /// Over the server's socket, where no certificate is asked for.
  public var superuser: String {
    Conninfo.text([
      ("host", directory), ("port", String(port)), ("dbname", "postgres"), ("user", "postgres"),
    ])
  }

  /// Over TLS with the certificate of `holder`; nil: with none.
  public func conninfo(as user: String, certificateOf holder: String?) -> String {
    let own =
      holder.map {
        [("sslcert", "\(directory)/\($0).crt"), ("sslkey", "\(directory)/\($0).key")]
      } ?? [("sslcert", "\(directory)/none")]
    return Conninfo.text(
      [
        ("host", "localhost"), ("hostaddr", "127.0.0.1"), ("port", String(port)), ("dbname", "postgres"),
        ("user", user), ("sslmode", "verify-full"), ("sslrootcert", directory + "/ca.crt"),
      ] + own)
  }

  /// From now on it shows a certificate that another authority has signed. Every session ends.
  public func becomeAnother() {
    server.run([
      "/bin/sh", "-ec",
      """
      cd \(directory)
      key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
      openssl req -x509 $key -days 2 -subj /CN=other -keyout other.key -out other.crt
      openssl req -new $key -subj /CN=localhost -keyout server.key -out server.csr
      openssl x509 -req -in server.csr -CA other.crt -CAkey other.key -CAcreateserial -days 2 -out server.crt
      chmod 600 server.key
      """,
    ])
    server.reload()
    do {
      try TestServer.shared.connect(superuser).runScript(
        """
        SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
        """, deadline: 10_000)
    } catch { TestServer.stop("sessions cannot be ended: \(error)") }
  }

  /// An authority, and what it signs: the server's certificate, for its name, and those of two people.
  private static func certificates(_ directory: String) -> String {
    """
    cd \(directory)
    umask 077
    key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
    openssl req -x509 $key -days 2 -subj /CN=authority -keyout ca.key -out ca.crt
    for name in localhost ana bob; do
      openssl req -new $key -subj /CN=$name -keyout $name.key -out $name.csr
      openssl x509 -req -in $name.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -out $name.crt
    done
    mv localhost.key server.key
    mv localhost.crt server.crt
    printf '%s\\n' 'local all all trust' 'hostssl all guest 127.0.0.1/32 trust' 'hostssl all all 127.0.0.1/32 cert' > hba
    """
  }

  /// A port that nobody listens on at this moment.
  private static func freePort() -> Int {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && getsockname(listener, $0, &size) == 0
      }
    }
    guard isBound else { TestServer.stop("no port is free") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
