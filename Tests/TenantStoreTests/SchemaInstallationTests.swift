import Postgres
import TestServer
import Testing

/// What concerns no tenant: settings, catalogues and acts.
@Suite struct SchemaInstallationTests {
  let database = Database()

  @Test func theInstallationHasAChainOfItsOwn() throws {
    let admin = database.connect(.admin)
    let calls: [(Statement, String)] = [
      ("landlord.set_setting(gen_random_uuid(), 'environment', 'staging', 'first')", "saved"),
      ("landlord.set_setting(gen_random_uuid(), 'environment', 'staging', NULL)", "saved"),
      ("landlord.set_setting(gen_random_uuid(), 'environment', NULL, NULL)", "saved"),
      ("landlord.add_industry(gen_random_uuid(), 'space', NULL)", "saved"),
      ("landlord.retire_industry(gen_random_uuid(), 'space', NULL)", "saved"),
      ("landlord.retire_permission(gen_random_uuid(), 'unheard.of', NULL)", "gone"),
      ("landlord.record_act(gen_random_uuid(), 'protect table', '{\"table\": \"t\"}', NULL)", "saved"),
    ]
    for (call, outcome) in calls { #expect(try database.outcome(admin, call) == outcome) }

    let entries = try admin.run(
      """
      SELECT action FROM landlord.audit_entries WHERE tenant_id = '00000000-0000-0000-0000-000000000000' ORDER BY seq
      """, deadline: 5_000)
    // The setting that was the same already is no entry.
    #expect(
      entries.map { $0.string(0) } == [
        "set setting", "set setting", "add industry", "retire industry", "protect table",
      ])
    #expect(try database.count(admin, Database.brokenEntries) == 0)
  }

  @Test(arguments: [
    ("landlord.set_setting(gen_random_uuid(), 'demo', '1', NULL)", "setting_name_reserved"),
    ("landlord.set_setting(gen_random_uuid(), 'Env', '1', NULL)", "setting_name_form"),
    ("landlord.set_setting(gen_random_uuid(), 'env', '', NULL)", "setting_value_form"),
    ("landlord.add_industry(gen_random_uuid(), 'Space Mining', NULL)", "catalogue_name_form"),
    ("landlord.add_permission(gen_random_uuid(), '', NULL)", "catalogue_name_form"),
    ("landlord.record_act(gen_random_uuid(), 'update', '{}', NULL)", "act_known"),
  ])
  func theInstallationsRulesHaveNamesToo(_ call: String, _ rule: String) throws {
    #expect(try database.complaint(database.connect(.admin), "SELECT \(unescaped: call)")?.constraint == rule)
  }
}
