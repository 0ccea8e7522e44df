import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Marks")
struct MarkTests {
  @Test func spaceMarksAndGoesOn() {
    var stage = Stage.list(lines: 12)
    stage.press("<Space>j<Space>")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                    2 marked  5 tenants
         SITE             NAME               EMAIL              STATE       UPDATED
      *  acme             Acme GmbH          ops@acme.example   active      2m
         acme-test        Acme Test Sandbox  qa@acme.example    active      4d
      *  acme-eu          Acme Europe S.A.   it@acme-eu.example DEACTIVATED 11d
       ▮ acmecorp         Acmeco… [1 hidden] x@acmecorp.example active      1h
         tokyo            東京電力エナジー…  info@tokyo.example active      1y



       Enter open  c onboard  e edit  x lifecycle  / filter  q quit  ? keys
      """)
    stage.press("kk<Space>")
    #expect(stage.frame.picture.contains("3 marked"))
  }

  @Test func aMarkIsTakenAwayByTheSameKeyAndAllByEsc() {
    var stage = Stage.list(lines: 12)
    stage.press("<Space><Space>k<Space>")
    #expect(stage.frame.picture.contains("1 marked"))
    stage.press("<Esc>")
    #expect(!stage.frame.picture.contains("marked"))
    #expect(stage.status.isEmpty)
    stage.press("<Esc>")
    #expect(stage.status == "this is the first screen: q quits")
  }

  @Test func aRangeReachesFromTheLastMark() {
    var stage = Stage.list(lines: 12)
    stage.press("v")
    #expect(stage.status == "a range begins here: move, then v again marks up to there")
    stage.press("jjv")
    #expect(stage.frame.picture.contains("3 marked"))
    // Upwards, too.
    stage.press("<Esc>Gvkv")
    #expect(stage.frame.picture.contains("2 marked"))
  }

  @Test func marksOutliveAFilterAndARefresh() {
    var stage = Stage.list(lines: 12)
    stage.press("<Space>/tok")
    stage.answer(.page(Sample.page([Sample.wide])))
    stage.press("<Enter><Space>")
    #expect(stage.frame.picture.contains("2 marked"))
    // The filter goes first, then the marks.
    stage.press("<Esc>")
    #expect(stage.frame.picture.contains("2 marked"))
    stage.answer(.page(Sample.page(Sample.tenants)))
    stage.press("r")
    stage.answer(.page(Sample.page(Sample.tenants)))
    #expect(stage.frame.picture.contains("*  acme "))
    stage.press("<Esc>")
    #expect(!stage.frame.picture.contains("marked"))
  }
}
