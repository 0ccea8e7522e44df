import Glibc
import Postgres
import TenantStore

/// What a change of state was to touch and what it touched, what became of it elsewhere, and which doors are open now.
struct Effects {
  var predicted: [TouchedTable]
  /// Nil: it could not be looked at afterwards.
  var actual: [TouchedTable]?
  var trial: DoorTrial?
  /// What the tenant had besides PostgreSQL.
  var before: Survey?
  /// Nil: no resource is listed.
  var enforcement: Enforcement?

  var doors: [Door] { (trial?.doors ?? []) + (enforcement?.trial.doors ?? []) }

  var members: [(key: String, value: JSON)] {
    [
      ("predictedRows", predicted.object), ("actualRows", actual?.object ?? .null),
      ("predictedElsewhere", before?.object ?? .object([])),
      ("actualElsewhere", enforcement?.survey?.object ?? .object([])),
      ("run", .optional(enforcement?.run?.state.rawValue)), ("obstacle", .optional(enforcement?.obstacle)),
      (
        "doors",
        .array(
          doors.map { door in
            .object([
              ("door", .string(door.name)), ("opens", door.opens.map(JSON.bool) ?? .null),
              ("allowed", .bool(door.isAllowed)),
              ("refusedAfterMilliseconds", door.milliseconds.map { .number(Int64($0)) } ?? .null),
            ])
          })
      ),
    ]
  }

  /// A line a table and one for the doors, for reading.
  func lines(_ shown: (String) -> String) -> [String] {
    let tables = predicted.map { before in
      let after = actual.map { $0.first { $0.table == before.table }?.words ?? "gone" } ?? "not known"
      return "rows              \(shown(before.table)): predicted \(before.words), actual \(after)"
    }
    let elsewhere = [
      ("elsewhere         ", enforcement?.held(before: before)), ("steps             ", enforcement?.steps),
    ].compactMap { title, text in text.flatMap { $0.isEmpty ? nil : title + shown($0) } }
    return tables + elsewhere + ["doors             " + shown(doors.map(\.words).joined(separator: ", "))]
  }
}

extension [TouchedTable] {
  /// As the audit has it: an estimate is a text that begins with ~.
  var object: JSON {
    .object(
      map { table in
        (
          key: table.table,
          value: table.rows.map { table.isEstimated ? .string(table.words) : .number($0) } ?? .null
        )
      })
  }
}

extension Survey {
  /// What each resource but PostgreSQL holds: numbers by name; null where that is not known.
  fileprivate var object: JSON {
    .object(
      elsewhere.map { line in
        let amounts = line.footprint.map { (key: $0.name, value: JSON.number($0.count)) }
        return (key: line.resource, value: line.problem == nil ? .object(amounts) : .null)
      })
  }
}

extension Errand {
  func touched(_ tenant: Tenant) throws(Failure) -> [TouchedTable] {
    guard case .lifecycle(.touched(let tables)) = try ask(.lifecycle(.touched(tenant.id))) else {
      preconditionFailure("what is touched is answered by .touched")
    }
    return tables
  }

  func terms(of tenant: Tenant) throws(Failure) -> Terms {
    guard case .lifecycle(.terms(let terms)) = try ask(.lifecycle(.terms(tenant.id))) else {
      preconditionFailure("terms are answered by .terms")
    }
    guard let terms else { throw Failure(.notFound, "there is no tenant \(tenant.siteID) any more") }
    return terms
  }

  /// Tries every door again and again until none opens that must not, for at most two seconds.
  func tryDoors(_ tenant: Tenant) throws(Failure) -> DoorTrial {
    let start = Monotonic.milliseconds
    var trial = DoorTrial(start: start)
    while true {
      guard case .lifecycle(.doors(let doors)) = try ask(.lifecycle(.doors(tenant.id))) else {
        preconditionFailure("doors are answered by .doors")
      }
      trial.found(doors, at: Monotonic.milliseconds)
      if trial.isOver || doors.isEmpty || Monotonic.milliseconds - start > 2_000 { return trial }
      usleep(100_000)
    }
  }

  /// The tenant as it is now, and what became of its rows and doors. A door that opens and must not is a failed check.
  func report(_ written: Written, _ request: RequestID, _ effects: Effects, json: Bool) throws(Failure) {
    guard let tenant = written.tenant else { preconditionFailure("a saved tenant comes with the answer") }
    if json {
      try print(
        tenant, json: true,
        and: [
          ("requestId", .string(request.description)),
          ("auditEntry", written.entryID.map(JSON.number) ?? .null),
          ("repeated", .bool(written.repeated)),
        ] + effects.members)
    } else {
      for line in effects.lines(output.shown) { try output.line(line) }
      try print(written, request, json: false)
    }
    try output.finish()
    let open = effects.doors.filter(\.isWronglyOpen).map { output.shown($0.name) }
    var problems: [String] = []
    if effects.trial == nil || effects.actual == nil {
      problems.append(
        "\(tenant.siteID) is \(tenant.state.rawValue); its doors and rows could not all be looked at")
    }
    if !open.isEmpty {
      problems.append(
        "\(open.joined(separator: ", ")) of \(tenant.siteID) still open though its state forbids it: run landlord doctor, "
          + "and end the platform's sessions")
    }
    if let obstacle = effects.enforcement?.obstacle {
      problems.append(
        "\(tenant.siteID) is \(tenant.state.rawValue), but not everywhere: \(output.shown(obstacle))")
    }
    if !problems.isEmpty { throw Failure(.checkFailed, problems.joined(separator: "\n")) }
  }
}
