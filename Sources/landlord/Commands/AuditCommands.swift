import ArgumentParser
import TenantStore

struct AuditCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Who changed what, and the proof of it.",
    subcommands: [
      ListAudit.self, ActivityAudit.self, VerifyAudit.self, CheckpointAudit.self, AuditKey.self,
      ExportAudit.self,
      VerifyAuditFile.self,
    ])
}

extension Errand {
  /// Shows something sensitive: the intent is written down before, the end after it. `body` answers how many things it showed.
  func looking(_ look: Look, _ body: () throws(Failure) -> Int) throws(Failure) {
    let number: Int64
    do throws(StoreError) {
      guard case .look(let opened) = try store.answer(to: .openLook(look)) else {
        preconditionFailure("a look is answered by .look")
      }
      number = opened
    } catch {
      guard case .readOnly = error else { throw failure(error) }
      throw Failure(
        .notPermitted,
        "\(look.what): looking is written down first, and this server takes no changes (a standby, or a read-only session); name the primary"
      )
    }
    var outcome = "failed"
    // Whatever becomes of it, the intent stands; nobody is helped by a second complaint.
    defer { _ = try? store.answer(to: .closeLook(number, outcome: outcome)) }
    outcome = "\(try body()) shown"
  }
}
