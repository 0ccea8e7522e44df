import Postgres

/// The doctor's questions: a group of checks is one statement over the catalogue.
enum DoctorQuery {
  /// The number of tables looked at, then a finding a row; one row of NULLs where nothing was found. `table` is
  /// `schema.name`, or a name alone.
  static func examine(_ group: CheckGroup, table: String?) -> Query {
    let checks = group.checks.enumerated().map { place, check in
      "SELECT \(place) AS place, q.relation, q.object, q.what, q.mend, q.runs_as\nFROM (\n\(check.sql)\n) AS q (relation, object, what, mend, runs_as)"
    }
    return Query(
      """
      WITH RECURSIVE \(unescaped: CheckFacts.sql),
      found AS (
      \(unescaped: checks.joined(separator: "\nUNION ALL\n"))
      )
      SELECT (SELECT count(*) FROM platform t WHERE a.relation IS NULL OR t.oid = a.relation), f.place, f.object,
        CASE WHEN f.relation IS NOT NULL THEN (
          SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE c.oid = f.relation) END,
        f.what, f.mend, r.rolname,
        -- Who has CREATEROLE may do some of what else takes a superuser: the server says which.
        CASE WHEN f.runs_as IS NULL
          THEN (SELECT s.rolsuper OR s.rolcreaterole FROM pg_catalog.pg_roles s WHERE s.rolname = session_user)
          ELSE pg_has_role(session_user, f.runs_as, 'MEMBER') END
      FROM (
        -- What was asked for; NULL: all; 0: what there is not. Not by to_regclass, which would be refused to who may not use
        -- the table's schema.
        SELECT CASE WHEN t.name IS NOT NULL THEN coalesce((
          SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE t.name IN (n.nspname || '.' || c.relname, format('%I.%I', n.nspname, c.relname)) OR t.name = c.relname
          ORDER BY t.name = c.relname, n.nspname LIMIT 1), 0) END AS relation
        FROM (VALUES (\(table)::text)) AS t (name)
      ) a
      LEFT JOIN found f ON a.relation IS NULL OR f.relation = a.relation
      LEFT JOIN pg_catalog.pg_roles r ON r.oid = f.runs_as
      ORDER BY f.place, f.object COLLATE "C", f.what COLLATE "C"
      """
    ) { rows in
      let checks = group.checks
      let findings = rows.filter { !$0.isNull(1) }.map { finding($0, checks[Int($0.int64(1))]) }
      return .examined(Examined(tables: Int(rows.first.map { $0.int64(0) } ?? 0), findings: findings))
    }
  }

  private static func finding(_ row: Row, _ check: Check) -> Finding {
    let mend =
      row.isNull(5)
      ? nil : Mend(row.strings(5), runsAs: row.optionalString(6), isAllowed: row.optionalBool(7) ?? false)
    return Finding(
      check: check, object: row.string(2), relation: row.optionalString(3), what: row.string(4), mend: mend)
  }

  /// The run that was kept last.
  static let lastKept = Query(
    """
    SELECT (extract(epoch FROM e.at) * 1000000)::bigint, e.actor,
      ARRAY(SELECT f.value ->> 'check' FROM jsonb_array_elements(e.findings) WITH ORDINALITY AS f ORDER BY f.ordinality),
      ARRAY(SELECT f.value ->> 'object' FROM jsonb_array_elements(e.findings) WITH ORDINALITY AS f ORDER BY f.ordinality),
      ARRAY(SELECT f.value ->> 'what' FROM jsonb_array_elements(e.findings) WITH ORDINALITY AS f ORDER BY f.ordinality)
    FROM landlord.examinations e
    ORDER BY e.examination_id DESC
    LIMIT 1
    """
  ) { rows in
    .lastExamination(
      rows.first.map { row in
        let names = zip(row.strings(2), zip(row.strings(3), row.strings(4)))
        return KeptExamination(
          at: row.instant(0), actor: row.string(1),
          findings: names.map { FindingKey(check: $0, object: $1.0, what: $1.1) })
      })
  }

  static func keep(_ keeping: ExaminationKeeping) -> Query {
    let findings = "[" + keeping.findings.map(json).joined(separator: ",") + "]"
    return TenantWrite.written(
      "landlord.keep_examination(\(keeping.requestID)::uuid, \(findings)::jsonb, NULL)")
  }

  /// Runs the mend and writes it down, in one statement. What cannot be run in a transaction goes first, by itself: then an
  /// entry of the audit never tells of what was not done, at the price that a line lost in between leaves it untold.
  static func mend(_ mending: Mending) -> Query {
    let mend = mending.mend
    guard !mend.isTransactional, let statement = mend.statements.first else {
      return TenantWrite.written(
        """
        landlord.mend(\(mending.requestID)::uuid, \(json(mending.finding))::jsonb, \(mend.statements)::text[],
          \(mend.runsAs)::text, \(mending.reason)::text)
        """)
    }
    let recorded = TenantWrite.written(
      """
      landlord.record_act(\(mending.requestID)::uuid, 'protect mend', \(json(mending.finding))::jsonb
        || jsonb_build_object('statements', \(mend.statements)::text[]), \(mending.reason)::text)
      """)
    return Query(statement: "\(unescaped: statement)", decode: { _, _ in .then(recorded) })
  }

  private static func json(_ finding: FindingKey) -> String {
    "{\"check\":\(JSONText.quoted(finding.check)),\"object\":\(JSONText.quoted(finding.object)),\"what\":\(JSONText.quoted(finding.what))}"
  }
}
