import Postgres

/// The made-up tenants: the same on every run and every server, each known by its number.
///
/// Most are words put together. Some are what a console trips over: other scripts, wide characters, emoji, names near
/// the longest, one in Cyrillic letters that look Latin beside its model (numbers 17 and 18 of each 211), and one that
/// differs from it by a capital and a dot (19).
enum DemoTenants {
  /// The tenants `low` to `high` as a query: tenant_id, site_id, tenant_name, contact_email, website_url,
  /// business_industry, allowed_origins, permissions, created_at, deactivated_at (one in eleven has one, some time later;
  /// NULL for the others). Numbers begin with 1.
  static func numbered(_ low: Int64, _ high: Int64) -> Statement {
    """
    SELECT md5('landlord demo ' || n)::uuid AS tenant_id,
      word.site || '-' || word.tag AS site_id,
      CASE
        WHEN n % 25 = 7 THEN word.elsewhere[1] || CASE WHEN n % 3 = 0 THEN ' ' || word.city ELSE '' END
        WHEN n % 60 = 11 THEN word.odd
        WHEN n % 199 = 5 THEN
          left('The ' || word.first || ' ' || word.second || ' ' || word.city || ' International Holding, Trading, '
            || 'Consulting and Logistics Company for ' || word.city || ' and the Surrounding Regions, formerly known as '
            || word.second || ' ' || word.first || ' and Partners', 190) || ' ' || word.form
        WHEN n % 211 = 18 THEN
          translate(word.first, 'aeopcxyAEOPCXMHTBK', 'аеорсхуАЕОРСХМНТВК') || ' ' || word.second || ' ' || word.form
        WHEN n % 211 = 19 THEN word.first || ' ' || lower(word.second) || ' ' || word.form || '.'
        WHEN n % 211 = 17 OR n % 3 = 0 THEN word.first || ' ' || word.second || ' ' || word.form
        ELSE word.first || ' ' || word.second || ' ' || word.city || ' ' || word.form
      END AS tenant_name,
      word.person || '@' || word.site || lower(word.second) || '.test' AS contact_email,
      CASE WHEN n % 10 <> 3 THEN word.home || '/' END AS website_url,
      word.industry AS business_industry,
      CASE word.origins
        WHEN 0 THEN '{}'
        WHEN 1 THEN ARRAY[word.home]
        WHEN 2 THEN ARRAY[word.home, word.home || ':8443']
        ELSE (ARRAY[word.home, 'https://app.' || word.site || '.test', 'https://admin.' || word.site || '.test',
          'https://shop.' || word.site || '.test', 'https://api.' || word.site || '.test', 'https://eu.' || word.site || '.test',
          word.home || ':8443', 'http://localhost:3000'])[:word.origins]
      END AS allowed_origins,
      word.permissions AS permissions,
      word.created_at AS created_at,
      CASE WHEN n % 11 = 0 THEN word.created_at + (n % 300 + 1) * interval '1 day' END AS deactivated_at
    FROM generate_series(\(low)::bigint, \(high)::bigint) AS n,
    LATERAL (
      SELECT picked.*, 'https://' || picked.site || '-' || picked.tag || '.test' AS home
      FROM (
        SELECT drawn.*, to_hex(n) AS tag,
          timestamptz '2019-01-01 00:00:00+00' + (n * 173 % 170000000) * interval '1 second' AS created_at,
          CASE WHEN n % 25 = 7 THEN drawn.elsewhere[2] ELSE lower(drawn.first) END AS site
        FROM (
          SELECT \(draw(firsts, 1)) AS first, \(draw(seconds, 2)) AS second, \(draw(forms, 3)) AS form,
            \(draw(cities, 4)) AS city, \(draw(people, 5)) AS person, \(draw(industries, 6)) AS industry,
            \(draw(odd, 7)) AS odd, string_to_array(\(draw(elsewhere, 8)), '|') AS elsewhere,
            string_to_array(\(draw(permissions, 9)), ',') AS permissions,
            (ARRAY[0, 0, 1, 1, 1, 1, 1, 2, 2, 3, 4, 8])[1 + (hashint8(n * 16 + 10) & 2147483647) % 12] AS origins
          -- A twin draws the words of its model.
          FROM (SELECT n - CASE n % 211 WHEN 18 THEN 1 WHEN 19 THEN 2 ELSE 0 END AS seed OFFSET 0) AS twin
          OFFSET 0) AS drawn
        OFFSET 0) AS picked
      OFFSET 0) AS word
    """
  }

  /// One of `words`, by the row's seed and `salt`; the words are ours, without quotes.
  private static func draw(_ words: [String], _ salt: Int) -> Statement {
    let list = words.map { "'\($0)'" }.joined(separator: ",")
    let pick = "(ARRAY[\(list)])[1 + (hashint8(seed * 16 + \(salt)) & 2147483647) % \(words.count)]"
    return "\(unescaped: pick)"
  }

  private static let firsts = [
    "Acme", "Blue", "Cedar", "Delta", "Ember", "Falcon", "Granite", "Harbor", "Indigo", "Juniper", "Keystone",
    "Lumen",
    "Maple", "North", "Orchid", "Pioneer", "Quartz", "River", "Summit", "Timber", "Umbra", "Vertex", "Willow",
    "Xenon",
    "Yarrow", "Zephyr",
  ]
  private static let seconds = [
    "Foods", "Logistics", "Systems", "Health", "Energy", "Media", "Retail", "Labs", "Motors", "Finance",
    "Travel",
    "Works", "Design", "Security", "Robotics", "Analytics",
  ]
  private static let forms = ["Ltd", "GmbH", "Inc", "LLC", "S.A.", "AB", "Oy", "K.K.", "BV", "PLC"]
  private static let cities = [
    "Rotterdam", "Leipzig", "Porto", "Oslo", "Turin", "Lyon", "Gdansk", "Austin", "Toronto", "Osaka", "Pune",
    "Lagos",
    "Lima", "Perth", "Cork", "Basel", "Ghent", "Malmo", "Tampa", "Busan",
  ]
  private static let people = [
    "anna", "ben", "chloe", "dmitri", "eva", "farid", "grace", "hugo", "ines", "jonas", "kira", "liam",
    "mona", "nils",
    "olga", "pablo", "ops", "it", "billing", "admin",
  ]
  private static let industries = [
    "agriculture", "education", "energy", "finance", "healthcare", "hospitality", "logistics",
    "manufacturing", "media",
    "public-sector", "retail", "software",
  ]
  /// Sorted lists; an empty text is an empty list.
  private static let permissions = [
    "", "api.access", "api.access,billing.read", "billing.read,billing.write,users.read",
    "api.access,data.export,data.import", "orders.read,orders.write,reports.read", "reports.read,users.read",
    "api.access,sso.configure,users.read,users.write,webhooks.manage",
    "api.access,billing.read,billing.write,data.export,data.import,orders.read,orders.write,reports.read",
  ]
  /// Accents, symbols, emoji (one joined by ZWJ), wide letters, a letter with a mark that has no composed form.
  private static let odd = [
    "Müller & Söhne", "Café Zoë", "Crème Brûlée S.à r.l.", "Øresund Kaffe", "Łódź Tekstylia",
    "Straße 17 GmbH",
    "Ñandú Turismo", "🍕 Pizza Palace", "👩\u{200D}🚀 Orbit Tours", "★ Star Logistics ★", "Ｆｕｌｌｗｉｄｔｈ Inc",
    "Q\u{303} Labs",
    "C++ & Friends", "100% Cotton", "<b>Bold</b> Ltd", "Robert); DROP TABLE tenants;--", "Juniper Labs™",
    "Zoë‑Marie’s Bakery",
  ]
  /// A name in another script and a word for the site id.
  private static let elsewhere = [
    "株式会社さくら|sakura", "東京ロボティクス|tokyo", "北海道フーズ|hokkaido", "北京科技有限公司|beijing", "上海物流|shanghai", "台灣能源|taiwan",
    "서울소프트|seoul", "한강미디어|hangang", "ООО Ромашка|romashka", "Северная Звезда|sever", "Київ Логістика|kyiv",
    "Αθήνα Ενέργεια|athina", "Θεσσαλονίκη Τρόφιμα|saloniki", "شركة النور|alnoor", "مؤسسة الخليج|khalij",
    "می\u{200C}خواهم رسانه|mikhaham", "תל אביב מערכות|telaviv", "गंगा ऊर्जा|ganga", "क्\u{200D}ष अनुसंधान|ksha",
    "บริษัทกรุงเทพ|krungthep", "თბილისი ღვინო|tbilisi", "Երևան Տեխնո|yerevan", "বাংলা টেক্সটাইল|bangla",
    "சென்னை மென்பொருள்|chennai",
  ]
}
