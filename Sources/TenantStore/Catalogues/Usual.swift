import Postgres

/// What tenants of an industry usually have.
public struct Usual: Equatable, Sendable {
  public var industry: String
  /// How many were looked at: those in service, at most the first 1,000 by site id.
  public var tenants: Int64
  /// Of more than half of them, in order; `{site}` stands where a tenant has its site id.
  public var origins: [String]
  public var permissions: [String]

  public init(industry: String, tenants: Int64, origins: [String], permissions: [String]) {
    self.industry = industry
    self.tenants = tenants
    self.origins = origins
    self.permissions = permissions
  }

  private static let site = "{site}"

  /// An origin with `{site}` where the site id stands in it.
  public static func pattern(_ origin: String, siteID: String) -> String {
    replacing(siteID, by: site, in: origin)
  }

  /// The origin that a pattern stands for; nil where it takes a site id and there is none.
  public static func origin(_ pattern: String, siteID: String) -> String? {
    let origin = replacing(site, by: siteID, in: pattern)
    return siteID.isEmpty && !origin.isSameBytes(as: pattern) ? nil : origin
  }

  private static func replacing(_ old: String, by new: String, in text: String) -> String {
    let (old, all) = (Array(old.utf8), Array(text.utf8))
    guard !old.isEmpty else { return text }
    var bytes: [UInt8] = []
    var place = 0
    while place < all.count {
      if all[place...].starts(with: old) {
        bytes += Array(new.utf8)
        place += old.count
      } else {
        bytes.append(all[place])
        place += 1
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

enum UsualQuery {
  static func usual(_ industry: String) -> Query {
    Query(
      """
      WITH looked AS MATERIALIZED (
        SELECT t.site_id, t.allowed_origins, t.permissions FROM landlord.tenants t
        WHERE t.business_industry = \(industry)::text AND t.state = 'active' ORDER BY t.site_id LIMIT 1000)
      SELECT count(*),
        ARRAY(
          SELECT replace(o, l.site_id, '{site}') FROM looked l, unnest(l.allowed_origins) o
          GROUP BY 1 HAVING count(DISTINCT l.site_id) * 2 > (SELECT count(*) FROM looked) ORDER BY 1),
        ARRAY(
          SELECT p FROM looked l, unnest(l.permissions) p
          GROUP BY 1 HAVING count(*) * 2 > (SELECT count(*) FROM looked) ORDER BY 1)
      FROM looked
      """
    ) { rows in
      let row = rows.exactlyOne
      return .usual(
        Usual(industry: industry, tenants: row.int64(0), origins: row.strings(1), permissions: row.strings(2))
      )
    }
  }
}
