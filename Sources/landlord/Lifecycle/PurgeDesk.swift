import TenantStore

/// The steps of a purge on the command line.
struct PurgeDesk {
  private let errand: Errand
  private let tenant: Tenant
  private let reason: String
  private let json: Bool

  init(_ errand: Errand, _ tenant: Tenant, _ reason: String, json: Bool) {
    self.errand = errand
    self.tenant = tenant
    self.reason = reason
    self.json = json
  }

  /// What a purge would take now, and how far one that was asked for has come.
  func show(_ terms: Terms) throws(Failure) {
    if let purge = terms.purge { try show(purge.preview, terms) } else { try show(preview(), terms) }
  }

  func request() throws(Failure) {
    let preview = try preview()
    try step(.request(preview), PurgeID.random(), version: tenant.version)
    try show(preview, errand.terms(of: tenant))
  }

  /// Agrees to the purge whose preview the code stands for.
  func approve(_ purge: Purge?, code: String) throws(Failure) {
    let purge = try there(purge)
    guard code.utf8.count >= purge.preview.code.utf8.count, purge.preview.digest.hasPrefix(code) else {
      throw Failure(
        .conflict,
        "this code stands for another preview; landlord tenant purge \(tenant.siteID) shows this one's")
    }
    try step(.approve(digest: purge.preview.digest), purge.id, version: nil)
    try show(purge.preview, errand.terms(of: tenant))
  }

  /// Deletes batch after batch, then leaves the tombstone. Whatever breaks it off, the next run goes on.
  func carryOut(_ purge: Purge?, batch: Int) throws(Failure) {
    let purge = try there(purge)
    let before = errand.elsewhere(tenant)
    let total = purge.preview.tables.compactMap(\.rows).reduce(0, +)
    var done = purge.deleted.compactMap(\.rows).reduce(0, +)
    let bar = ProgressBar()
    defer { bar.clear() }
    while true {
      // A table whose rows refer to each other goes in one piece, which may take a while.
      let next = LifecycleRequest.purgeRows(purge.id, most: batch)
      guard case .lifecycle(.purged(let rows)) = try errand.ask(.lifecycle(next), deadline: 600_000) else {
        preconditionFailure("rows that go are answered by .purged")
      }
      guard let rows else { break }
      done += rows.rows
      bar.show(rows.table, done, of: max(total, done))
    }
    let actual = try errand.terms(of: tenant).purge?.deleted ?? []
    let finish = PurgeStep(
      .finish, purgeID: purge.id, tenantID: tenant.id, expectedVersion: nil, reason: reason)
    let written = try write(finish)
    bar.clear()
    let trial = try? errand.tryDoors(tenant)
    let effects = Effects(
      predicted: purge.preview.tables, actual: actual, trial: trial, before: before,
      enforcement: errand.enforce(written.tenant ?? tenant))
    try errand.report(written, finish.requestID, effects, json: json)
  }

  // MARK: - Steps

  private func there(_ purge: Purge?) throws(Failure) -> Purge {
    guard let purge else {
      throw Failure(
        .conflict, "nobody has asked for a purge of \(tenant.siteID), which is \(tenant.state.rawValue)")
    }
    return purge
  }

  private func preview() throws(Failure) -> PurgePreview {
    guard case .lifecycle(.purgePreview(let preview)) = try errand.ask(.lifecycle(.purgePreview(tenant.id)))
    else {
      preconditionFailure("a purge's preview is answered by .purgePreview")
    }
    guard let preview else { throw Failure(.notFound, "there is no tenant \(tenant.siteID) any more") }
    return preview
  }

  private func step(_ kind: PurgeStep.Kind, _ id: PurgeID, version: Int64?) throws(Failure) {
    _ = try write(
      PurgeStep(kind, purgeID: id, tenantID: tenant.id, expectedVersion: version, reason: reason))
  }

  private func write(_ step: PurgeStep) throws(Failure) -> Written {
    let written = try errand.write(.lifecycle(.purgeStep(step))).written
    if written.outcome == .refused, let rule = written.rule {
      throw Failure(
        .conflict, "\(tenant.siteID): \(TenantRules.message(for: rule)) (\(rule)); nothing was changed")
    }
    try errand.saved(written, "purge of tenant \(tenant.siteID)")
    return written
  }

  private func show(_ preview: PurgePreview, _ terms: Terms) throws(Failure) {
    let (output, purge) = (errand.output, terms.purge)
    if json {
      let members: [(key: String, value: JSON)] = [
        ("siteId", .string(tenant.siteID)), ("tenantId", .string(tenant.id.description)),
        ("state", .string(tenant.state.rawValue)), ("purgeDate", .optional(terms.until?.rfc3339)),
        ("code", .string(preview.digest)), ("rows", preview.tables.object),
        ("requestedBy", .optional(purge?.requestedBy)), ("approvedBy", .optional(purge?.approvedBy)),
        ("expiresAt", .optional(purge?.expiresAt.rfc3339)),
        ("startedAt", .optional(purge?.startedAt?.rfc3339)),
      ]
      return try output.line(JSON.object(members).text)
    }
    try output.line("A purge of \(output.shown(tenant.siteID)), which is \(tenant.state.rawValue), takes:")
    for table in preview.tables { try output.line("  \(table.words)\trows of \(output.shown(table.table))") }
    for line in errand.elsewhere(tenant)?.elsewhere ?? [] {
      try output.line("  \(output.shown(line.held))\tin \(line.resource)")
    }
    try output.line(
      "  its name, e-mail, URL, secret and origins (\(tenant.allowedOrigins.count)). Its ids and what the audit says stay."
    )
    let date =
      tenant.state == .deactivated
      ? terms.until?.rfc3339 ?? "none: reactivate it and deactivate it again" : "none"
    try output.line("purge date        \(date)")
    try output.line("code              \(preview.code)")
    guard let purge else { return try output.line("asked for         no") }
    try output.line(
      "asked for         by \(output.shown(purge.requestedBy)) at \(purge.requestedAt.rfc3339): \(output.shown(purge.reason))"
    )
    try output.line("agreed to         \(purge.approvedBy.map { "by " + output.shown($0) } ?? "no")")
    try output.line("begin before      \(purge.expiresAt.rfc3339)")
    if let started = purge.startedAt {
      try output.line("begun             \(started.rfc3339): run it again to go on")
    }
  }
}
