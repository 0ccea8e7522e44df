import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Columns")
struct ColumnsTests {
  @Test func columnsAreChosenMovedAndGivenAWidth() {
    var stage = Stage.list(lines: 20)
    stage.press("C")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants         +-- COLUMNS ---------------------------------+       5 tenants
         SITE          | ▮ [x] SITE          as there is room       |       UPDATED
       > acme          |   [x] NAME          as there is room       |e      2m
         acme-test     |   [x] EMAIL         as there is room       |e      4d
         acme-eu       |   [x] STATE         as there is room       |IVATED 11d
         acmecorp      |   [x] UPDATED       as there is room       |e      1h
         tokyo         |   [x] INDUSTRY      as there is room       |e      1y
                       |   [ ] CREATED       as there is room       |
                       |   [ ] WEBSITE       as there is room       |
                       |   [ ] ORIGINS       as there is room       |
                       |   [ ] PERMISSIONS   as there is room       |
                       |   [ ] VERSION       as there is room       |
                       |   [ ] TENANT ID     as there is room       |
                       | K J move   h l width   = no width          |
                       +--------------------------------------------+



       Enter take these  Space show or hide  r reset  Esc back  ? keys
      """)
    // E-mail goes, state comes before the name and gets 8 columns.
    stage.press("jj<Space>jKKlhhhh<Enter>")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                              5 tenants
         SITE                STATE    NAME                   UPDATED INDUSTRY
       ▮ acme                active   Acme GmbH              2m      retail
         acme-test           active   Acme Test Sandbox      4d      retail
         acme-eu             DEACTIV… Acme Europe S.A.       11d     retail
         acmecorp            active   Acmecorp [1 hidden]    1h      retail
         tokyo               active   東京電力エナジーパー…  1y      retail











       Enter open  c onboard  e edit  x lifecycle  / filter  q quit  ? keys
      """)
    #expect(stage.asked().isEmpty)
  }

  @Test func escLeavesThemAsTheyAre() {
    var stage = Stage.list(lines: 20)
    let before = stage.frame
    stage.press("Cj<Space><Esc>")
    #expect(stage.frame == before)
  }

  @Test func theSiteIDStaysFirstAndInSightWhileTheOthersScroll() {
    var stage = Stage.list(columns: 60, lines: 14)
    stage.press("C<Space>")
    #expect(stage.status == "the site id is always shown")
    stage.press("J")
    #expect(stage.status == "the site id stays the first")
    // All columns there are.
    stage.press("jjjjjj<Space>j<Space>j<Space>j<Space>j<Space>j<Space><Enter>llll")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (a…primary
       Tenants                                          5 tenants
         SITE            INDUSTRY       CREATED WEBSITE
       ▮ acme            retail         30d     (not set)
         acme-test       retail         30d     (not set)
         acme-eu         retail         30d     (not set)
         acmecorp        retail         30d     (not set)
         tokyo           retail         30d     (not set)





       Enter open  c onboard  e edit  x lifecycle  ? keys
      """)
  }

  @Test func anArrangementIsKeptByNames() {
    let names = ["siteId", "updatedAt:12", "tenantName"]
    #expect(Arrangement(names: names).names == names)
    #expect(Arrangement(names: []).names == [])
    #expect(Arrangement(names: ["nonsense", "state:x", "state:9"]).names == ["siteId", "state"])
    #expect(Arrangement(names: ["state:100000"]).names == ["siteId", "state:80"])
  }
}
