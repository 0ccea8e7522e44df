import TenantStore
import Terminal

/// What a verification of the audit came to.
public enum Verification: Equatable, Sendable {
  /// What was looked at and found, and who signed the last block, in words.
  case finished(AuditVerifier.Outcome, signers: [String])
  case stopped
  /// It could not be made, and why.
  case failed(String)
}

/// Proves the audit, or one tenant's part of it. Called on a thread of its own; what it hands its progress to answers false when
/// it is to give up.
public typealias Verify = @Sendable (TenantID?, (AuditVerifier.Progress) -> Bool) -> Verification

/// What the last verification of this session came to, for the headers.
struct Verified: Equatable, Sendable {
  /// Nil: of everybody.
  var tenant: TenantID?
  /// When it began: later entries were not looked at.
  var at: Instant
  var entries: Int64
  var findings: Int
}

extension Look {
  /// The newest that tells of this tenant; nil: of everybody.
  func verified(_ tenant: TenantID?) -> Verified? {
    verifications.filter { $0.tenant == nil || $0.tenant == tenant }.max { $0.at < $1.at }
  }
}
