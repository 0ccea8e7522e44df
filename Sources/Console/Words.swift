import TenantStore
import Terminal

/// Errors and outcomes in words: what failed, on what, what to do now.
enum Words {
  /// Nil for what is silent: a cancelled read.
  static func of(_ error: StoreError, while doing: String) -> SafeText? {
    switch error {
    case .cancelled: nil
    case .field(let problem): SafeText("\(doing): \(problem.message)")
    case .notPermitted(let what): SafeText("\(doing): not permitted\(what.isEmpty ? "" : ": \(what)")")
    case .requestReused: SafeText("\(doing): this request was used for something else; try again")
    case .lockHeld(let holders):
      SafeText(
        "\(doing): someone else holds it right now\(holders.map { ", with a change open: \($0)" } ?? ""); try again"
      )
    case .brokenOff(let why):
      SafeText("\(doing): the server broke it off, nothing was changed: \(why); try again")
    case .readOnly: SafeText("\(doing): this server is a standby or read-only; connect to the primary")
    case .timedOut: SafeText("\(doing): no answer in time; try again")
    case .unavailable(let why): SafeText("\(doing): no connection: \(why)")
    case .unknown: SafeText("\(doing): the line was lost, the outcome is unknown")
    case .server(let state, let message): SafeText("\(doing): the server says \(state): \(message)")
    }
  }

  /// The same for a write, of which nothing is silent.
  static func ofWrite(_ error: StoreError, while doing: String) -> SafeText {
    of(error, while: doing) ?? SafeText("\(doing): cancelled, nothing was changed; try again")
  }

  /// A field's name for people.
  static func name(of field: TenantField) -> SafeText {
    switch field {
    case .siteID: "Site id"
    case .name: "Name"
    case .contactEmail: "Contact e-mail"
    case .websiteURL: "Website"
    case .industry: "Industry"
    case .allowedOrigins: "Origins"
    case .permissions: "Permissions"
    }
  }

  /// The name of a field as the audit has it; a field that this program does not know keeps its raw name.
  static func name(ofRaw raw: String) -> SafeText {
    TenantField(rawValue: raw).map(name) ?? (raw == "state" ? "State" : SafeText(raw))
  }

  static func role(of state: TenantState) -> Role {
    switch state {
    case .active: .good
    case .provisioning, .suspended: .warning
    case .deactivated, .purged: .bad
    }
  }

  /// "1 origin", "3 origins".
  static func count(_ number: Int, _ one: String) -> String { "\(number) \(one)\(number == 1 ? "" : "s")" }
}

extension Words {
  /// "1,234", or "~12,480" where it is an estimate.
  static func number(_ total: Total) -> String { (total.estimated ? "~" : "") + grouped(total.count) }

  /// "1 tenant", "~12,480 tenants".
  static func count(_ total: Total) -> String { number(total) + (total.count == 1 ? " tenant" : " tenants") }

  /// With a comma every three digits.
  static func grouped(_ number: Int64) -> String {
    var text = ""
    for (place, digit) in String(number).reversed().enumerated() {
      if place > 0, place % 3 == 0, digit != "-" { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }
}

extension Words {
  /// Of a write whose line was lost, once its record has told.
  static func didCommit(_ sent: Instant, _ written: Written) -> SafeText {
    SafeText(
      "the line was lost; your change of \(sent.time) did commit"
        + (written.entryID.map { " (audit \($0))" } ?? ": nothing was different"))
  }

  /// Of a write that was lost on the way; what to do stands behind it.
  static func didNot(_ sent: Instant, _ now: String) -> SafeText {
    SafeText("your change of \(sent.time) did not commit, and will not: \(now)")
  }

  /// Why a write was not carried out.
  static func refusal(_ written: Written) -> String {
    switch written.outcome {
    case .saved: "it was saved"
    case .stale: "someone changed the tenant meanwhile"
    case .gone: "there is no such tenant any more"
    case .refused: written.rule.map { "refused by the rule \($0)" } ?? "its state forbids it"
    }
  }
}
