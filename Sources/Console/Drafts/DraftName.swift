import TenantStore

/// Names a draft: of one form, one person and one database, so that nobody is offered another's. It is its file's name, too.
public struct DraftName: Hashable, Sendable {
  public let file: String

  /// Nil where it is not known who is connected to what.
  init?(_ form: DraftForm, _ session: Session?) {
    guard let session, let installation = session.installation else { return nil }
    let whose = [installation, session.host, session.database, session.user]
    // Lengths before the parts: no two sets of names give the same text.
    let text = whose.reduce("landlord draft \(form)") { $0 + " \($1.utf8.count) \($1)" }
    file = "\(RequestID.derived(from: text)).draft"
  }
}

/// The form that is a draft's.
enum DraftForm: Equatable, Sendable, CustomStringConvertible {
  case onboard
  case edit(TenantID)

  var description: String {
    switch self {
    case .onboard: "onboard"
    case .edit(let id): "edit \(id)"
    }
  }
}

/// What came of opening a draft, or of keeping it.
public enum DraftNews: Equatable, Sendable {
  /// This is what was kept.
  case found(String)
  /// There is none: what is typed can be kept.
  case none
  /// Another console has it open: nothing is kept for this one.
  case elsewhere
  /// What lies there is no draft, or nothing can be kept there, and why. It is left as it is.
  case problem(String)
}
