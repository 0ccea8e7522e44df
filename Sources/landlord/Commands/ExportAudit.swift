import ArgumentParser
import Postgres
import TenantStore

struct ExportAudit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print the audit as a file that proves itself: JSON lines under a seal.",
    discussion: """
      Without --tenant all of it, with blocks, checkpoints and their public keys. The seal is signed with this machine's key, \
      if there is one (landlord audit key create). landlord audit verify-file checks it anywhere.
      """)

  @Option(help: ArgumentHelp("Only this tenant: its id or site id.", valueName: "id"))
  var tenant: String?
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let key = try KeyFile(state: .current()).key()
    if key == nil { StandardError.say("there is no key here, so the export is sealed and signed by nobody") }
    let errand = try shared.open()
    let tenant = try tenant.map { name throws(Failure) in try errand.auditedTenant(name) }
    if let tenant {
      _ = try export(errand, tenant, key)
    } else {
      try errand.looking(Look("export of everybody's audit")) { () throws(Failure) in
        try export(errand, nil, key)
      }
    }
    try errand.output.finish()
  }

  /// Answers how many lines there are.
  private func export(_ errand: Errand, _ tenant: TenantID?, _ key: CheckpointKey?) throws(Failure) -> Int {
    let connection = try errand.connection()
    var seal = ExportSeal()
    do {
      try AuditExport(connection).items(tenant) { item throws(Failure) in
        let line = item.json.text
        seal.line(line.utf8)
        try errand.output.line(line)
      }
    } catch let error as PostgresError {
      throw errand.failure(error)
    } catch let error as Failure {
      throw error
    } catch {
      preconditionFailure("an error of a third kind: \(error)")
    }
    try errand.output.line(ExportFile.seal(seal, key))
    return Int(seal.lines)
  }
}

struct VerifyAuditFile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify-file", abstract: "Check an export without any database.",
    discussion: "Exit code 8: it is not, byte for byte, what was exported, or was not whole then.")

  @Argument(help: "The file that audit export printed.")
  var file: String
  @Option(
    help: ArgumentHelp(
      "It must be signed by this key, as audit key show prints it; without it, the key is only printed.",
      valueName: "key"))
  var key: String?
  @OptionGroup var format: JSONOption

  func run() throws {
    let reading = try ExportFile.read(file)
    let output = StandardOutput()
    if let key, key != reading.key {
      throw Failure(.checkFailed, "\(file) was sealed by \(reading.key ?? "nobody"), not by \(key)")
    }
    try output.report(
      reading.outcome, signers: reading.key.map { ["the file: \($0)"] } ?? ["the file: nobody"],
      json: format.json)
    try output.finish()
    try reading.outcome.mustBeWhole()
  }
}
