import ArgumentParser
import TenantStore

struct VerifySecret: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify-secret",
    abstract: "Whether this is the tenant's secret; reads it from standard input.",
    discussion: "Exit code 0: it is. 1: it is not.")
  @OptionGroup var named: TenantArgument
  @OptionGroup var shared: SharedOptions

  func run() throws {
    guard let text = Self.typed() else { throw Failure(.usage, "there is no secret on standard input") }
    let errand = try shared.open()
    let tenant = try errand.tenant(named.tenant)
    // What has not the form of a secret is nobody's; it is not sent anywhere.
    guard let secret = TenantSecret(text),
      try errand.ask(.verifySecret(tenant.id, verifier: secret.verifier)) == .secret(matches: true)
    else { throw Failure("this is not the secret of \(tenant.siteID)") }
    try errand.output.line("this is the secret of \(errand.output.shown(tenant.siteID))")
    try errand.output.finish()
  }

  /// The first line, without blanks; not echoed where a person types it.
  private static func typed() -> String? {
    let line = Terminals.withoutEcho { readLine() } ?? ""
    let text = String(String.UnicodeScalarView(line.unicodeScalars.filter { !$0.properties.isWhitespace }))
    return text.isEmpty ? nil : text
  }
}
