import Glibc
import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Exporting what is marked")
struct ExportTests {
  /// Two tenants are marked and their export as JSON is begun.
  private static func begun(_ session: Session = Sample.session) -> Stage {
    var stage = Stage.list(session: session, lines: 12)
    stage.press("<Space><Space>b")
    _ = stage.wanted()
    stage.press("jjjjjjj<Enter>")
    return stage
  }

  @Test func theFormsStandBelowTheChanges() {
    var stage = Stage.list(lines: 18)
    stage.press("<Space>b")
    #expect(stage.frame.picture.contains("export to a file as JSON"))
  }

  @Test func whatIsMarkedIsReadAndWrittenInOrderOfSiteIDs() {
    var stage = Self.begun()
    let ids = [Sample.acme, Sample.acmeTest].map(\.id)
    #expect(stage.asked() == [.tenants(ids)])
    stage.answer(.tenants([Sample.acmeTest, Sample.acme]))
    #expect(
      stage.wanted() == [
        .export(
          name: "tenants-20261123T170000Z.json",
          text: #"{"siteId":"acme"}"# + "\n" + #"{"siteId":"acme-test"}"#)
      ])
    stage.send(.exported(.file("/home/ana/tenants-20261123T170000Z.json")))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       ▮xport to a file as JSON: 2 tenants

       2 tenants in this file, which only you can read (y copies its path):

         /home/ana/tenants-20261123T170000Z.json





       Enter go on  Esc back  ? keys
      """)
    stage.press("y")
    #expect(stage.wanted() == [.copy("/home/ana/tenants-20261123T170000Z.json")])
    stage.press("<Esc>")
    #expect(stage.app.top == .list)
  }

  @Test func thoseThatAreGoneAreCounted() {
    var stage = Self.begun()
    stage.answer(.tenants([Sample.acme]))
    stage.send(.exported(.file("/x.json")))
    #expect(stage.frame.picture.contains("1 tenant in this file"))
    #expect(stage.frame.picture.contains("1 of the marked are gone."))
  }

  @Test func aFileThatCannotBeWrittenIsSaid() {
    var stage = Self.begun()
    stage.answer(.tenants([Sample.acme, Sample.acmeTest]))
    stage.send(.exported(.problem("x.json cannot be made here: Permission denied")))
    #expect(stage.frame.picture.contains("Not written: x.json cannot be made here: Permission denied"))
  }

  @Test func aLostLineStopsItAndRGoesOn() {
    var stage = Self.begun()
    stage.fail(.unavailable("gone")) { if case .tenants = $0 { true } else { false } }
    #expect(stage.frame.picture.contains("Stopped, and nothing was written: r goes on, Esc goes back."))
    _ = stage.asked()
    stage.press("r")
    #expect(stage.asked() == [.tenants([Sample.acme, Sample.acmeTest].map(\.id))])
    stage.answer(.tenants([Sample.acme, Sample.acmeTest]))
    #expect(stage.wanted().count == 1)
  }

  @Test func moreThanOnePartIsReadOneAfterTheOther() {
    var stage = Stage.list(Sample.many(0..<150), lines: 12)
    let all = Sample.many(0..<1_200)
    stage.press("*")
    stage.answer(.matching(all.map(\.id)))
    stage.press("bjjjjjjj<Enter>")
    for part in [0..<500, 500..<1_000, 1_000..<1_200] { stage.answer(.tenants(Array(all[part]))) }
    let texts = stage.wanted().compactMap { if case .export(_, let text) = $0 { text } else { nil } }
    #expect(texts.count == 1 && texts[0].split(separator: "\n").count == 1_200)
  }

  @Test func whoMayOnlyLookMayExportAndNotChange() {
    var session = Sample.session
    session.right = .support
    var stage = Self.begun(session)
    #expect(stage.asked().count == 1)
    stage = Stage.list(session: session, lines: 12)
    stage.press("<Space>b")
    _ = stage.asked()
    stage.press("<Enter>")
    #expect(stage.status.hasPrefix("deactivate: ana may look but not change"))
    #expect(stage.asked() == [.noteRefusal(action: "bulk", tenant: nil, what: "role support")])
  }

  @Test func theFileIsItsOwnersAloneAndNeverReplacesAnother() throws {
    var template = Array("/tmp/llexp-XXXXXX".utf8CString)
    let folder = String(cString: mkdtemp(&template))
    let name = folder + "/t.json"
    defer {
      for file in [name, folder + "/t-2.json"] { unlink(file) }
      rmdir(folder)
    }
    guard case .file(let first) = ExportFile.write("one", name: name),
      case .file(let second) = ExportFile.write("two", name: name)
    else {
      Issue.record("not written")
      return
    }
    #expect(first.hasSuffix("/t.json") && second.hasSuffix("/t-2.json"))
    var facts = stat()
    #expect(stat(name, &facts) == 0 && facts.st_mode & 0o777 == 0o600 && facts.st_size == 3)
    guard case .problem(let why) = ExportFile.write("x", name: folder + "/nowhere/t.json") else {
      Issue.record("written")
      return
    }
    #expect(why.contains("No such file or directory"))
  }
}
