import ArgumentParser
import Console
import Postgres
import TenantStore

struct VerifyAudit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Prove the audit, or say where it is not as it was written.",
    discussion: """
      Checks each entry's hash, each tenant against its last entry, blocks, signatures, triggers and owners, and what was signed \
      on this machine (in $XDG_STATE_HOME/landlord/checkpoints). With --tenant only that tenant. Exit code 8: something was \
      found. What was rewritten as a whole since the last checkpoint that is kept outside of the database cannot be seen.
      """)

  @Option(help: ArgumentHelp("Only this tenant: its id or site id.", valueName: "id"))
  var tenant: String?
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    _ = try errand.session()
    let tenant = try tenant.map { name throws(Failure) in try errand.auditedTenant(name) }
    let bar = ProgressBar()
    func proven() throws(Failure) -> (outcome: AuditVerifier.Outcome, signers: [String]) {
      defer { bar.clear() }
      return try errand.verify(tenant) {
        bar.show("entries", $0.done, of: $0.total)
        return true
      }
    }
    let (outcome, signers) = try proven()
    try errand.output.report(outcome, signers: signers, json: format.json)
    try errand.output.finish()
    try outcome.mustBeWhole()
  }
}

extension Errand {
  /// Proves the audit, or one tenant's part of it, over a connection of its own, and tells who signed the last block that anyone
  /// did. `progress` answers false to give up.
  func verify(
    _ tenant: TenantID?, _ progress: (AuditVerifier.Progress) -> Bool
  ) throws(Failure) -> (outcome: AuditVerifier.Outcome, signers: [String]) {
    let keys = KeyFile(state: .current())
    let kept = try tenant == nil ? keptCheckpoints() : []
    let connection = try connection()
    var outcome: AuditVerifier.Outcome
    do throws(PostgresError) {
      outcome = try AuditVerifier(connection).verify(tenant, kept: kept, progress: progress)
    } catch { throw failure(error) }
    // Before the outcome is handed over: what a witness did not sign is added to it.
    let signers = outcome.isStopped ? [] : try outcome.checkWitnesses(kept, known: keys.known())
    return (outcome, signers)
  }

  /// The same for the console, which shows a failure in its own way.
  func verification(of tenant: TenantID?, _ progress: (AuditVerifier.Progress) -> Bool) -> Verification {
    do {
      let (outcome, signers) = try verify(tenant, progress)
      return outcome.isStopped ? .stopped : .finished(outcome, signers: signers)
    } catch { return .failed(error.message) }
  }

  /// What was signed on this machine of the database at hand.
  fileprivate func keptCheckpoints() throws(Failure) -> [KeptCheckpoint] {
    guard let installation = try proof().installation else { return [] }
    return try CheckpointFile(.current(), installation: installation).checkpoints()
  }

  func proof() throws(Failure) -> Proof {
    guard case .proof(let proof) = try ask(.proof) else {
      preconditionFailure("a question for the proof is answered by .proof")
    }
    return proof
  }

  /// A connection of its own, for what reads in one transaction.
  func connection() throws(Failure) -> Connection {
    do throws(PostgresError) { return try Connection.open(resolved.conninfo, deadline: 30_000) } catch {
      throw failure(error)
    }
  }

  func failure(_ error: PostgresError) -> Failure {
    switch error {
    case .server(let server): failure(StoreError(server))
    case .deadline: failure(StoreError.timedOut)
    case .cannotConnect, .lost, .unsendable: Failure(resolved.explained(error.words))
    }
  }
}

extension AuditVerifier.Outcome {
  /// Adds what witnesses did not sign to the findings, and answers who signed the last block that anyone did, in words.
  fileprivate mutating func checkWitnesses(_ kept: [KeptCheckpoint], known: [String]) throws(Failure)
    -> [String]
  {
    let newest = (checkpoints.map(\.block) + kept.map(\.checkpoint.block)).max()
    var signers: [String] = []
    for checkpoint in kept + checkpoints.compactMap({ ofLastBlock($0) }) {
      let key = checkpoint.checkpoint.key
      let number = checkpoint.checkpoint.block
      var words = known.contains(key) ? "this machine" : "a key that is not known here"
      if checkpoint.checkpoint.isWitness {
        let text = Checkpoint.text(installation: installation, block: number, hash: checkpoint.hash)
        switch Witness.isGenuine(checkpoint.checkpoint, of: text) {
        case true?: words = "a witness"
        case false?: findings.append(.badWitness(number, key))
        case nil: words = "a witness, not checked: ssh-keygen cannot be run"
        }
      }
      let line = "block \(number): \(key), \(words)"
      if number == newest && !signers.contains(line) { signers.append(line) }
    }
    return signers
  }

  /// A checkpoint of the database's last block, with the hash that is there.
  private func ofLastBlock(_ checkpoint: Checkpoint) -> KeptCheckpoint? {
    guard let lastBlock, checkpoint.block == lastBlock.number else { return nil }
    return KeptCheckpoint(checkpoint, hash: lastBlock.hash, lastEntry: 0)
  }

  /// Fails with the exit code of a check that failed.
  func mustBeWhole() throws(Failure) {
    guard let first = findings.first else { return }
    let count = findings.count + more
    throw Failure(
      .checkFailed, "the audit is not as it was written: \(count) found, the first is: \(first.kind.rawValue)"
    )
  }
}
