import Postgres

/// Many new tenants in one call and one transaction, in which each stands or falls for itself.
enum IntakeQuery {
  static func onboard(_ batch: OnboardingBatch) -> Query {
    precondition(batch.onboardings.count <= OnboardingBatch.most, "more tenants than a batch may hold")
    let requests = batch.onboardings.map(part).joined(separator: ",")
    return Query(
      """
      SELECT t.outcome, t.repeated, t.rule, t.entry_id, \(unescaped: TenantQuery.columns)
      FROM landlord.register_tenants(\("[\(requests)]")::jsonb) WITH ORDINALITY AS t
      ORDER BY t.ordinality
      """
    ) { rows in
      precondition(rows.count == batch.onboardings.count, "register_tenants answers each request once")
      return .bulk(
        zip(batch.onboardings, rows).map {
          BulkRow(tenantID: $0.tenantID, requestID: $0.requestID, written: TenantWrite.answer($1))
        })
    }
  }

  private static func part(_ onboarding: Onboarding) -> String {
    let reason = onboarding.reason.map { ",\"reason\":" + JSONText.quoted($0) } ?? ""
    return "{\"requestId\":\"\(onboarding.requestID)\",\"tenantId\":\"\(onboarding.tenantID)\","
      + "\"fields\":\(JSONText.object(onboarding.fields)),\"verifier\":\"\(UInt8.parameterText(of: onboarding.verifier).dropFirst(2))\","
      + "\"hint\":\(JSONText.quoted(onboarding.hint))\(reason)}"
  }

  /// Those of the site ids that no new tenant can get.
  static func unavailable(_ siteIDs: [String]) -> Query {
    Query(
      "SELECT s.id FROM unnest(\(siteIDs)::text[]) AS s (id) WHERE landlord.site_id_availability(s.id) <> 'free'"
    ) { rows in .unavailable(rows.map { $0.string(0) }) }
  }
}
