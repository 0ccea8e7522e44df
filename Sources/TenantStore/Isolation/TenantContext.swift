/// Which tenant the work at hand is for. `TenantConnection.withTenant` sets it; what is logged on the way names it.
public enum TenantContext {
  /// Nil outside of any.
  @TaskLocal public static var current: TenantID?
}

/// Why work for a tenant came to nothing. The transaction was rolled back, in every case.
public enum TenantContextError: Error, Equatable, Sendable {
  /// The database does not let the tenant be entered: unknown, closed by its state, or signed wrongly. `rule` is the name of
  /// the constraint, as listed in the migration `context`.
  case refused(rule: String, message: String)
  /// Work for another tenant was begun inside.
  case otherTenant
  /// The same connection was asked for a second transaction inside the first.
  case nested
  /// The body left another context than it was given.
  case changed
  /// The body ended the transaction itself; what it had written until then may have been committed, for the same tenant.
  case ended
  /// A statement had failed and the body went on as if it had not.
  case failed
}
