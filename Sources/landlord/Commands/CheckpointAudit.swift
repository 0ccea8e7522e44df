import ArgumentParser
import TenantStore

struct CheckpointAudit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "Seal the audit up to now, sign it and keep the signature on this machine.",
    discussion: """
      For a timer: run it as often as you like, several at once do no harm. The first one makes the key. What was signed is kept \
      in the database and in $XDG_STATE_HOME/landlord/checkpoints, which audit verify reads. Needs the role landlord_auditor.
      """)

  @Option(
    help: ArgumentHelp(
      "Let a key of yours sign too, which your ssh agent holds: the file of its public half.",
      valueName: "file.pub"))
  var witness: String?
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let state = StateDirectory.current()
    let errand = try shared.open()
    _ = try errand.session()
    guard let installation = try errand.proof().installation else {
      throw Failure("this database does not say which installation it is; run: landlord migrate")
    }
    let file = try CheckpointFile(state, installation: installation)
    let kept = try file.checkpoints()
    guard case .sealed(let sealed) = try errand.ask(.seal(from: kept.last?.checkpoint.block ?? 1)) else {
      preconditionFailure("a seal is answered by .sealed")
    }
    try sealed.mustGoOn(from: kept.last)
    guard let block = sealed.blocks.last else {
      try errand.output.line("there is nothing to seal yet")
      return try errand.output.finish()
    }
    let (key, isNew) = try KeyFile(state: state).keyOrNew()
    if isNew {
      StandardError.say(
        "made the key that signs checkpoints, \(state.key) (\(key.publicText)); whoever has it can sign in your place"
      )
    }
    let text = Checkpoint.text(installation: installation, block: block.number, hash: block.hash)
    var signed = [Checkpoint(block: block.number, key: key.publicText, signature: key.sign(text))]
    if let witness { signed.append(try Witness.sign(block.number, text, with: witness, state)) }
    try file.add(signed.map { KeptCheckpoint($0, hash: block.hash, lastEntry: sealed.lastEntry) })
    for checkpoint in signed { _ = try errand.ask(.recordCheckpoint(checkpoint)) }
    try errand.print(block, signed, json: format.json)
    try errand.output.finish()
  }
}

extension Sealed {
  /// Nothing is signed that does not go on from what was signed here before.
  fileprivate func mustGoOn(from kept: KeptCheckpoint?) throws(Failure) {
    var last: Block?
    for block in blocks {
      if block.number == kept?.checkpoint.block {
        guard block.hash == kept?.hash else {
          throw Failure(
            .checkFailed,
            "block \(block.number) is not the one that was signed here; nothing was signed; run: landlord audit verify"
          )
        }
      } else if !block.follows(last) {
        throw Failure(
          .checkFailed,
          "block \(block.number) does not follow the one before it; nothing was signed; run: landlord audit verify"
        )
      }
      last = block
    }
    if let kept, blocks.first?.number != kept.checkpoint.block {
      throw Failure(
        .checkFailed,
        "block \(kept.checkpoint.block) was signed here and is gone; nothing was signed; run: landlord audit verify"
      )
    }
  }
}

extension Errand {
  fileprivate func print(_ block: Block, _ signed: [Checkpoint], json: Bool) throws(Failure) {
    if json {
      try output.line(
        JSON.object([
          ("block", .number(block.number)), ("entries", .number(block.entries)),
          ("hash", .string(Hexadecimal.text(block.hash))), ("signed", .strings(signed.map(\.key))),
        ]).text)
    } else {
      try output.line("block \(block.number)  \(block.entries) entries  \(Hexadecimal.text(block.hash))")
      for checkpoint in signed { try output.line("signed  \(output.shown(checkpoint.key))") }
    }
  }
}
