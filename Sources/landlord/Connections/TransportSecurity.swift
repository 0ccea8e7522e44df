import Glibc

/// Which protection the line to a server gets where nobody chose one: beyond this machine, encryption with the server's
/// certificate and name verified. libpq's own default (`prefer`) would go on in the clear with whoever answers.
enum TransportSecurity {
  /// The certificates that Debian and Ubuntu trust.
  static let systemBundle = "/etc/ssl/certs/ca-certificates.crt"

  /// What to add to the connection string; empty where the person chose or nothing leaves the machine.
  /// - Parameters:
  ///   - given: what the connection string says.
  ///   - defaults: what libpq would take from its variables, a service and its own defaults.
  ///   - home: the person's home directory, where libpq looks for certificates.
  ///   - exists: whether there is a file of that name.
  static func additions(
    given: [String: String], defaults: [String: String], libpqHasSystemRoots: Bool, home: String,
    exists: (String) -> Bool = { access($0, R_OK) == 0 }
  ) -> [(keyword: String, value: String)] {
    // A service that says "prefer" cannot be told from libpq's own default, and is treated as it.
    let chosen = given["sslmode"] ?? defaults["sslmode"].flatMap { $0 == "prefer" ? nil : $0 }
    if chosen != nil || !leavesMachine(given: given, defaults: defaults) { return [] }
    var additions = [(keyword: "sslmode", value: "verify-full")]
    if given["sslrootcert"] == nil && (defaults["sslrootcert"] ?? "").isEmpty
      && !exists(home + "/.postgresql/root.crt")
    {
      if libpqHasSystemRoots {
        additions.append(("sslrootcert", "system"))
      } else if exists(systemBundle) {
        additions.append(("sslrootcert", systemBundle))
      }
    }
    return additions
  }

  /// What a failure to connect adds when the protection was our choice.
  static let advice = """
    Nobody chose how to protect this connection, so landlord asked for TLS with a verified certificate \
    (sslmode=verify-full). Choose otherwise in the connection string or PGSSLMODE: sslrootcert=FILE for a certificate \
    authority of your own, sslmode=require to encrypt without verifying, sslmode=disable for a line that is safe already.
    """

  private static func leavesMachine(given: [String: String], defaults: [String: String]) -> Bool {
    func value(_ name: String) -> String { given[name] ?? defaults[name] ?? "" }
    // An address, where given, is what is connected to; the host is its name only.
    let hosts = value("hostaddr").isEmpty ? value("host") : value("hostaddr")
    return hosts.split(separator: ",").contains { !isHere($0) }
  }

  private static func isHere(_ host: Substring) -> Bool {
    if host.hasPrefix("/") || host.hasPrefix("@") || host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
