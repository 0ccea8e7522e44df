import TenantStore
import Terminal
import Testing

@testable import Console

/// The screens that are drawn in each theme.
enum Scene: String, CaseIterable {
  case list, detail, form, dialog

  /// The screen as the console shows it, reached by keys.
  var frame: Frame {
    switch self {
    case .list: Self.listStage.frame
    case .detail: Self.detailStage.frame
    case .form: Self.formStage.frame
    case .dialog: Self.dialogStage.frame
    }
  }

  private static func stage(in environment: String) -> Stage {
    var session = Sample.session
    session.environment = environment
    return .list(tenants, session: session, lines: 20)
  }

  /// Two marks, several states and scripts, a hidden character.
  private static var listStage: Stage {
    var stage = stage(in: "staging")
    stage.press("<Down><Space><Down><Space><Down>")
    return stage
  }

  private static var detailStage: Stage {
    var stage = stage(in: "staging")
    stage.press("<Down><Down><Down><Enter>")
    stage.answer(.tenant(tenants[3]))
    stage.answer(
      .activity([0, 0, 1, 0, 3, 0, 0, 0, 0, 2, 0, 0, 5, 1, 0, 0, 0, 1, 0, 0, 0, 0, 8, 2, 0, 1]))
    stage.answer(
      .lastChanges([
        LastChange(
          field: "tenantName", entryID: 4711, at: Sample.ago(seconds: 5 * 86_400), actor: "bea",
          action: "update",
          version: 4, reason: "SUP-21 rebranded")
      ]))
    stage.press("<Down>")
    return stage
  }

  /// A site id that is free, and an address that is not right yet.
  private static var formStage: Stage {
    var stage = stage(in: "staging")
    stage.press("cZürcher Käserei AG")
    for effect in stage.wanted() {
      if case .wakeAfter(_, .availability(let pause)) = effect { stage.send(.alarm(.availability(pause))) }
    }
    stage.answer(.availability(.free))
    stage.press(
      "<Tab><Tab>kaese.example<Tab>https://kaese.example<Tab><Enter>retail<Enter><Tab>https://shop.kaese.example"
    )
    return stage
  }

  private static var dialogStage: Stage {
    var stage = stage(in: "production")
    stage.press("<Down><Down><Down>xdContract ended<Enter>SUP-21044<Enter><Enter>acme-e")
    return stage
  }

  private static let tenants = [
    Sample.tenant(1, "abacus", "Abacus Optik", email: "hallo@abacus.example", updated: 7200),
    Sample.tenant(2, "acme", "Acme GmbH", email: "ops@acme.example", updated: 150),
    Sample.tenant(3, "acme-test", "Acme Test Sandbox", email: "qa@acme.example", updated: 4 * 86_400),
    Sample.tenant(
      4, "acme-eu", "Acme\u{200B} Europe S.A.", version: 24, email: "it@acme-eu.example",
      origins: ["https://acme-eu.example", "https://app.acme-eu.example", "https://shop.acme-eu.example"],
      permissions: ["billing", "reports"], updated: 11 * 86_400),
    Sample.tenant(5, "azur-mode", "Azur Mode et Façon", email: "léa@azur.example", updated: 20 * 86_400),
    Sample.tenant(6, "bluebird", "Bluebird Logistics", state: .suspended, updated: 2 * 86_400),
    Sample.tenant(7, "cedar-design", "Cedar Design", email: "nils@cedar.example", updated: 33 * 86_400),
    Sample.tenant(8, "delta-kino", "Дельта Кино", email: "kino@delta.example", updated: 61 * 86_400),
    Sample.tenant(9, "elm-books", "Elm Street Books", state: .deactivated, updated: 90 * 86_400),
    Sample.tenant(10, "fjord-fisk", "Fjord Fisk AS", email: "post@fjord.example", updated: 95 * 86_400),
    Sample.tenant(11, "granit", "Granit & Töchter", email: "büro@granit.example", updated: 120 * 86_400),
    Sample.tenant(12, "hanok", "한옥 건축사사무소", email: "info@hanok.example", updated: 200 * 86_400),
    Sample.tenant(13, "iris-health", "Iris Health", state: .provisioning, updated: 40),
    Sample.tenant(14, "juniper", "Juniper & Sons", email: "accounts@juniper.example", updated: 300 * 86_400),
    Sample.tenant(15, "tokyo-power", "東京電力エナジー", email: "info@tokyo.example", updated: 400 * 86_400),
  ]
}
