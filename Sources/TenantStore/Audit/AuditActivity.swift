import Postgres

/// How much happened: by day, by action and by person.
public struct AuditActivity: Equatable, Sendable {
  public struct Count: Equatable, Sendable {
    public var name: String
    public var count: Int64

    public init(_ name: String, _ count: Int64) { (self.name, self.count) = (name, count) }
  }
  /// When the first of the days began. Days are UTC's.
  public var start: Instant
  /// How much happened on each day, the oldest first; the last one is today so far.
  public var days: [Int64]
  /// The greatest first, at most `AuditActivity.most` of each.
  public var actions: [Count]
  public var actors: [Count]
  /// False: this person may not see the attempts, and they are not counted.
  public var includesAttempts: Bool

  public static let most = 50

  public init(
    start: Instant, days: [Int64], actions: [Count], actors: [Count], includesAttempts: Bool = true
  ) {
    (self.start, self.days, self.actions) = (start, days, actions)
    (self.actors, self.includesAttempts) = (actors, includesAttempts)
  }

  public var total: Int64 { days.reduce(0, +) }
}

/// Which days of which events are counted.
public struct AuditActivityRequest: Hashable, Sendable {
  public var filter: AuditFilter
  /// Today and the days before it.
  public var days: Int
  /// False leaves the attempts out at once, for a person who is known not to see them.
  public var includesAttempts: Bool

  public init(filter: AuditFilter = AuditFilter(), days: Int, includesAttempts: Bool = true) {
    (self.filter, self.days, self.includesAttempts) = (filter, days, includesAttempts)
  }
}

enum AuditActivityQuery {
  /// One statement: the events of these days, grouped in three ways. What is counted is what the list would show.
  static func counted(_ request: AuditActivityRequest) -> Query {
    let page = AuditPageRequest(filter: request.filter, includesAttempts: request.includesAttempts)
    let sources = AuditEvent.Source.allCases.filter { $0 != .attempt || request.includesAttempts }
    let legs = sources.compactMap { AuditLeg(page, $0).facts(days: request.days) }
    // Of what can hold of nothing there is nothing to count; asked all the same, for the day and for whoever may not look.
    let nothing: Statement =
      "SELECT r.at, r.actor, r.action FROM landlord.audit_entries r WHERE false"
    let events = legs.dropFirst().reduce(legs.first ?? nothing) { "\($0) UNION ALL \($1)" }
    let start = AuditLeg.firstDay(of: request.days)
    var withoutAttempts = request
    withoutAttempts.includesAttempts = false
    let again = request.includesAttempts ? withoutAttempts : nil
    return Query(
      statement: """
        SELECT g.kind, g.place, g.name, g.count, g.rank
        FROM (
          SELECT grouping(u.day, u.action, u.actor) AS kind, u.day AS place, coalesce(u.action, u.actor) AS name, count(*),
            row_number() OVER (PARTITION BY grouping(u.day, u.action, u.actor)
              ORDER BY count(*) DESC, coalesce(u.action, u.actor) COLLATE "C") AS rank
          FROM (
            SELECT floor(extract(epoch FROM e.at - \(start)) / 86400)::bigint AS day, e.action, e.actor FROM (\(events)) e
          ) u
          GROUP BY GROUPING SETS ((u.day), (u.action), (u.actor))
        ) g
        WHERE g.kind = 3 OR g.rank <= \(AuditActivity.most)::int
        UNION ALL
        SELECT 0, NULL, NULL, (extract(epoch FROM \(start)) * 1000000)::bigint, NULL
        ORDER BY 1, 2, 5
        """,
      decode: { rows, _ in .answer(.auditActivity(activity(rows, request))) },
      recover: { error in error.sqlState == "42501" ? again.map(counted) : nil })
  }

  /// `grouping` sets a bit for each column that is not grouped by: 3 is by day, 5 by action, 6 by person.
  private static func activity(_ rows: Rows, _ request: AuditActivityRequest) -> AuditActivity {
    var activity = AuditActivity(
      start: Instant(microseconds: 0), days: Array(repeating: 0, count: request.days), actions: [],
      actors: [],
      includesAttempts: request.includesAttempts)
    for row in rows {
      let count = row.int64(3)
      switch row.int64(0) {
      case 0: activity.start = Instant(microseconds: count)
      // A clock that was put back may have written of tomorrow.
      case 3: activity.days[max(0, min(request.days - 1, Int(row.int64(1))))] += count
      case 5: activity.actions.append(.init(row.string(2), count))
      case 6: activity.actors.append(.init(row.string(2), count))
      default: preconditionFailure("a way of grouping that the statement does not have")
      }
    }
    return activity
  }
}

extension AuditLeg {
  /// When the first of the last `days` days began: midnight in UTC, whatever the session's time zone.
  static func firstDay(of days: Int) -> Statement {
    "((date_trunc('day', now() AT TIME ZONE 'UTC') - \(Int64(days - 1))::bigint * interval '1 day') AT TIME ZONE 'UTC')"
  }

  /// When, who and what of all its events of these days; nil: nothing of this source can be counted.
  func facts(days: Int) -> Statement? {
    guard let conditions else { return nil }
    let all = TenantSearch.all(conditions + ["r.at >= \(Self.firstDay(of: days))"])!
    return "SELECT r.at, r.actor, r.action FROM landlord.\(unescaped: table) r WHERE \(all)"
  }
}
