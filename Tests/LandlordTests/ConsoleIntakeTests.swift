import Console
import Glibc
import Postgres
import Synchronization
import TenantStore
import TestServer
import Testing

@testable import landlord

/// What the console has its thread do with files of tenants, on a real server.
@Suite struct ConsoleIntakeTests {
  private let conninfo = TestServer.shared.database(.schema, as: .admin)
  private let folder: String

  init() {
    var template = Array("/tmp/landlord-test-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil)
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private var csv: String { folder + "/tenants.csv" }
  private var results: String { folder + "/tenants.results.csv" }

  private func write(_ text: String, to path: String? = nil) {
    let file = fopen(path ?? csv, "w")
    fputs(text, file)
    fclose(file)
  }

  private func lines(_ range: Range<Int>) -> String {
    range.reduce(into: "siteId,tenantName,contactEmail,businessIndustry\n") {
      $0 += "site-\($1),Site \($1),ops@site.example,retail\n"
    }
  }

  private func carryOut(
    _ task: IntakeTask, as login: TestServer.Login = .admin,
    telling tell: @escaping (IntakeProgress) -> Bool = { _ in true }
  ) throws -> IntakeReport {
    let choice = try ConnectionChoice(
      database: TestServer.shared.conninfo(conninfo, as: login), connection: nil, environment: [:])
    let errand = Errand(try ResolvedConnection.resolve(choice), try Log(path: nil))
    return IntakeDesk(errand, tell).carryOut(task)
  }

  private func look(_ path: String? = nil) throws -> IntakeLook {
    guard case .looked(let look) = try carryOut(.look(path ?? csv)) else { throw Unexpected() }
    return look
  }

  private func done(_ report: IntakeReport) throws -> IntakeLook {
    guard case .done(let look) = report else { throw Unexpected() }
    return look
  }

  private struct Unexpected: Error {}

  private func count(_ what: Statement) throws -> Int64 {
    let behind = TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .superuser))
    return try behind.run("SELECT count(*) FROM landlord.\(what)", deadline: 5_000).exactlyOne.int64(0)
  }

  @Test func whatIsNoFileOfTenantsIsToldAndNeverWaitedFor() throws {
    mkfifo(folder + "/fifo", 0o600)
    write("", to: folder + "/empty")
    write("\u{7F}ELF\u{1}\u{2}", to: folder + "/binary")
    write("", to: folder + "/huge")
    truncate(folder + "/huge", 5 * Intake.most)
    write("a,b\n1,2\n", to: folder + "/other.csv")
    // What looks like results and is not whole is not taken for a file of tenants either.
    write("line,siteId,tenantName\n", to: folder + "/torn")
    let wanted = [
      ("fifo", "is no ordinary file"), ("", "is no ordinary file"), ("empty", "the file is empty"),
      ("binary", "must name the columns"), ("huge", "is longer than"), ("other.csv", "must name the columns"),
      ("torn", "must name the columns"), ("nowhere", "there is no"),
    ]
    for (name, words) in wanted {
      guard case .failed(let why) = try carryOut(.look(folder + "/" + name)) else {
        Issue.record("\(name) is looked over")
        continue
      }
      #expect(why.contains(words), "\(name): \(why)")
    }
  }

  @Test func itIsLookedOverMadeAndUndoneAndNoSecretIsTold() throws {
    write(lines(0..<3) + "bad id!,x,y,retail\n")
    let seen = try look()
    #expect(seen.toMake == 3 && seen.intake?.wrong.map(\.number) == [5] && seen.outcomes == [])
    #expect(seen.results == results && access(results, F_OK) != 0)

    let made = try done(try carryOut(.onboard(seen, reason: "SUP-7")))
    #expect(made.outcomes.map(\.outcome) == [.saved, .saved, .saved] && made.toMake == 0)
    #expect(try count("tenants WHERE state = 'active'") == 3)
    #expect(try count("audit_entries WHERE reason = 'SUP-7'") == 3)
    var facts = stat()
    #expect(stat(results, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
    for row in CSVReader(Array(Program.text(of: results).utf8)).dropFirst() {
      #expect(!"\(made)".contains(row.cells[5]))
    }

    // Another day: by its results alone. Once it is undone there is nothing to undo.
    let later = try look(results)
    #expect(later.intake == nil && later.made == 3)
    let undone = try done(try carryOut(.undo(later, reason: "wrong file")))
    #expect(undone.outcomes.allSatisfy { $0.outcome == .undone })
    #expect(try count("tenants WHERE state = 'deactivated'") == 3)
    // What was seen before is not what is there now.
    guard case .failed(let why) = try carryOut(.undo(later, reason: "again")) else { throw Unexpected() }
    #expect(why.contains("nothing was changed"))
  }

  @Test func stoppedAfterABatchTheSameFileGoesOn() throws {
    write(lines(0..<1100))
    let half = try done(try carryOut(.onboard(try look(), reason: nil)) { $0.done < 500 })
    #expect(half.made == 500 && half.toMake == 600)
    #expect(half.outcomes.count { $0.outcome == .planned } == 600)
    let again = try look()
    #expect(again.made == 500 && again.toMake == 600 && again.intake?.wrong == [])
    let whole = try done(try carryOut(.onboard(again, reason: nil)))
    #expect(whole.made == 1100 && whole.toMake == 0)
    #expect(try count("tenants") == 1100)
    #expect(try count("audit_entries") == 1100)
  }

  @Test func whatIsListedIsMadeReadyAndToldAsAStageOfItsOwn() throws {
    let behind = TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .admin))
    try behind.run(
      "SELECT landlord.add_resource(gen_random_uuid(), 'postgresql', '{}', 'why')", deadline: 5_000)
    write(lines(0..<2))
    let told = Mutex<[IntakeProgress]>([])
    let made = try done(
      try carryOut(.onboard(try look(), reason: nil)) { progress in
        told.withLock { $0.append(progress) }
        return true
      })
    #expect(made.outcomes.allSatisfy { $0.obstacle == nil })
    #expect(try count("tenants WHERE state = 'active'") == 2)
    #expect(told.withLock { $0.contains(IntakeProgress(.provisioning, 1, of: 2)) })

    // What this machine cannot reach is waited for, and each says so: here, and to whoever looks later.
    try behind.run("SELECT landlord.add_resource(gen_random_uuid(), 'redis', '{}', 'why')", deadline: 5_000)
    write(lines(0..<3))
    let waiting = try done(try carryOut(.onboard(try look(), reason: nil)))
    #expect(waiting.outcomes[2].obstacle?.contains("redis is not configured on this machine") == true)
    #expect(try look().outcomes == waiting.outcomes)
  }

  @Test func whoMayNotIsToldAndNothingIsMade() throws {
    write(lines(0..<1))
    let seen = try look()
    guard case .failed(let why) = try carryOut(.onboard(seen, reason: nil), as: .support) else {
      throw Unexpected()
    }
    #expect(why.contains("not permitted"))
    #expect(try count("tenants") == 0)
  }
}
