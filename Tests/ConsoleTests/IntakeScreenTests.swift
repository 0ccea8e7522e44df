import TenantStore
import Terminal
import Testing

@testable import Console

/// A file of tenants on the screen: looked over, made, undone.
@Suite("Onboarding from a file")
struct IntakeScreenTests {
  static let csv = """
    siteId,tenantName,contactEmail,businessIndustry,version
    nova,Nova,ops@nova.example,retail,1
    bolt,Bolt,ops@bolt.example,retail,1
    Bad Id!,"\u{1B}[31mx",ops@bad.example,retail,1
    """

  static func look(_ outcomes: [IntakeOutcome] = [], toMake: Int = 2) -> IntakeLook {
    var look = IntakeLook(
      path: "/srv/tenants.csv", results: "/srv/tenants.results.csv", intake: try? Intake(Array(csv.utf8)))
    (look.outcomes, look.toMake) = (outcomes, toMake)
    return look
  }

  static func outcome(
    _ line: Int, _ siteID: String, _ outcome: IntakePlan.Outcome, entry: Int64? = nil, why: String = "",
    obstacle: String? = nil
  ) -> IntakeOutcome {
    IntakeOutcome(
      line: line, siteID: siteID, outcome: outcome, entryID: entry, why: why, obstacle: obstacle)
  }

  static let made = look(
    [outcome(2, "nova", .saved, entry: 12), outcome(3, "bolt", .saved, entry: 13)], toMake: 0)

  static func named(_ path: String = "/srv/tenants.csv", lines: Int = 20) -> Stage {
    var stage = Stage.list(lines: lines)
    stage.press("I\(path)<Tab>SUP-7<Ctrl-o>")
    return stage
  }

  static func looked(_ look: IntakeLook = look(), lines: Int = 20) -> Stage {
    var stage = named(lines: lines)
    stage.send(.intakeReported(stage.intakes.last!, .looked(look)))
    return stage
  }

  private func tasks(_ effects: [Effect]) -> [IntakeTask] {
    effects.compactMap { if case .intake(let task, _) = $0 { task } else { nil } }
  }

  @Test func aFileIsNamedAndLookedOverLineByLine() {
    var stage = Stage.list(lines: 20)
    stage.press("I<Ctrl-o>")
    #expect(stage.frame.picture.contains("! name a file") && stage.app.top == .form)
    stage = Self.named()
    #expect(tasks(stage.wanted()) == [.look("/srv/tenants.csv")])
    stage.send(.alarm(.slow(stage.intakes.last!)))
    #expect(stage.frame.picture.contains("looking it over...  Ctrl-c stops  0:01"))
    stage.press("<Enter>")
    #expect(stage.status == "it is on its way")

    stage.send(.intakeReported(stage.intakes.last!, .looked(Self.look())))

    stage.press("j")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Onboard from /srv/tenants.csv
       3 lines, 2 right, 1 wrong; 2 to be made: Enter; not used: version

         line 4     bad id!                Site id: Use a-z, 0-9 and hyphens; begin a…
       ▮ line 4     bad id!                Name: Remove the control characters. (tena…

         Name: Remove the control characters. (tenant_name_controls)











       Enter onboard  U undo  r look again  Esc back  ? keys
      """)
  }

  @Test func itAsksAndOnlyThenTheyAreMadeWithProgressAndWhatBecameOfThem() {
    var stage = Self.looked()
    _ = stage.wanted()
    stage.pressAtOnce("<Enter>y")
    #expect(tasks(stage.wanted()).isEmpty)
    #expect(stage.status == "not taken: it was typed before this was on the screen")
    stage.press("n<Enter>")
    let picture = stage.frame.picture
    #expect(picture.contains("Onboard 2 tenants in PRODUCTION?  y does it, n goes back. Default: no"))
    #expect(picture.contains("1 line that is wrong: left out.") && picture.contains("Reason: SUP-7"))
    #expect(picture.contains("/srv/tenants.results.csv"))
    stage.press("y")
    #expect(tasks(stage.wanted()) == [.onboard(Self.look(), reason: "SUP-7")])

    let ticket = stage.intakes.last!
    stage.send(.intakeProgress(ticket, IntakeProgress(.onboarding, 0, of: 2)))
    stage.send(.clock(Sample.ago(seconds: -4)))
    stage.send(.intakeProgress(ticket, IntakeProgress(.onboarding, 1, of: 2)))
    #expect(stage.frame.picture.contains(" Onboarding... Esc stops"))
    #expect(stage.frame.picture.contains("[##########..........] 1 of 2  0:04, about 0:04 to go"))
    // It goes on by itself: the clock is asked for as long as it does.
    stage.send(.alarm(.slow(ticket)))
    #expect(stage.wanted() == [.wakeAfter(milliseconds: 1000, .tick)])
    stage.send(.intakeProgress(ticket, IntakeProgress(.provisioning, 0, of: 2)))
    #expect(stage.frame.picture.contains("[....................] 0 of 2  0:00"))

    let obstacle = "files: the disk is \u{1B}[31mfull"
    stage.send(
      .intakeReported(
        ticket,
        .done(
          Self.look(
            [
              Self.outcome(2, "nova", .saved, entry: 12),
              Self.outcome(3, "bolt", .saved, entry: 13, obstacle: obstacle),
            ], toMake: 0))))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Onboard from /srv/tenants.csv
       3 lines, 2 right, 1 wrong; not used: version
       2 made, 1 not in service  0:04
       The secrets are in /srv/tenants.results.csv, for you alone: y copies its path.
       Hand them over, then delete it.

       ▮ line 4     bad id!                Site id: Use a-z, 0-9 and hyphens; begin a…
         line 4     bad id!                Name: Remove the control characters. (tena…
         line 3     bolt                   made, entry 13, NOT IN SERVICE: files: the…
         line 2     nova                   made, entry 12

         Site id: Use a-z, 0-9 and hyphens; begin and end with a letter or digit.
         (site_id_form)





       Enter onboard  U undo  r look again  Esc back  ? keys
      """)
    #expect(!stage.frame.picture.contains("\u{1B}") && !stage.frame.picture.contains(Sample.secret.text))
    _ = stage.wanted()
    stage.press("y")
    #expect(stage.wanted().contains(.copy("/srv/tenants.results.csv")))
    // The list has what was made.
    stage.press("<Esc>")
    #expect(stage.app.top == .list)
    #expect(stage.asked().contains(.page(PageRequest(anchor: .first, limit: 200))))
  }

  @Test func escapeStopsAfterWhatIsOnItsWayAndTheSameFileGoesOn() {
    var stage = Self.looked()
    stage.press("<Enter>y")
    let ticket = stage.intakes.last!
    _ = stage.wanted()
    stage.press("<Esc>")
    #expect(stage.wanted() == [.cancel(ticket)])
    #expect(stage.frame.picture.contains("Stopping...") && stage.app.top == .intake)
    let half = Self.look(
      [Self.outcome(2, "nova", .saved, entry: 12), Self.outcome(3, "bolt", .planned)], toMake: 1)
    stage.send(.intakeReported(ticket, .done(half)))
    #expect(stage.frame.picture.contains("1 made, 1 not made yet"))
    #expect(stage.frame.picture.contains("1 to be made: Enter"))
    stage.press("<Enter>")
    #expect(stage.frame.picture.contains("1 tenant made before: not made twice."))
    stage.press("y")
    #expect(tasks(stage.wanted()) == [.onboard(half, reason: "SUP-7")])
  }

  @Test func whoLeavesMeanwhileIsToldHowToGoOn() {
    var stage = Self.looked()
    stage.press("<Enter>y")
    _ = stage.wanted()
    stage.press("<Ctrl-c>")
    #expect(stage.frame.picture.contains("a change cannot be called back"))
    stage.press("<Ctrl-c>")
    guard case .quit(6, let parting?)? = stage.wanted().last else {
      Issue.record("it is left with 6")
      return
    }
    #expect(parting.contains("/srv/tenants.results.csv tells how far"))
  }

  @Test func allThatWasMadeIsUndoneByItsNumberAndAReason() {
    var stage = Self.looked(Self.made)
    stage.press("<Enter>")
    #expect(stage.status == "there is nothing to be made of it")
    stage.press("U")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Undo: deactivate 2 tenants in PRODUCTION

        All that were made of /srv/tenants.csv are deactivated: nothing is deleted,
        and their site ids are never given again.

      Reason             [▮                                                        ]
      Type the number    [                                                         ]
        [ undo ]   Esc cancels. Default: No
      Tab goes to the button; Enter there does it.









       Tab next  Enter next or press  n no  Esc back  F1 keys
      """)
    _ = stage.wanted()
    stage.press("wrong file<Tab>3<Tab><Enter>")
    #expect(stage.frame.picture.contains("! type the number exactly as it is in the title"))
    #expect(tasks(stage.wanted()).isEmpty)
    stage.press("<BS>2<Tab><Enter>")
    #expect(tasks(stage.wanted()) == [.undo(Self.made, reason: "wrong file")])
    stage.send(
      .intakeReported(
        stage.intakes.last!,
        .done(Self.look([Self.outcome(2, "nova", .undone), Self.outcome(3, "bolt", .undone)], toMake: 0))))
    #expect(stage.frame.picture.contains("0 made, 2 undone"))
    stage.press("U")
    #expect(stage.status == "nothing was made of it that could be undone")
  }

  @Test func aFileOfResultsAloneCanBeUndone() {
    var look = Self.made
    look.intake = nil
    var stage = Self.looked(look)
    #expect(stage.frame.picture.contains(" a file of results\n 2 made"))
    stage.press("<Enter>")
    #expect(stage.status == "there is nothing to be made of it")
    stage.press("U")
    #expect(stage.app.top == .transition)
  }

  @Test func whatCannotBeLookedAtSaysWhyAndTheNameCanBeMended() {
    var stage = Self.named("/srv/\u{202E}pipe")
    stage.send(.intakeReported(stage.intakes.last!, .failed("/srv/\u{202E}pipe is no ordinary file")))
    #expect(stage.frame.picture.contains("pipe is no ordinary file"))
    #expect(!stage.frame.picture.contains("\u{202E}"))
    stage.press("<Enter>")
    #expect(stage.status == "r looks the file over again")
    _ = stage.wanted()
    stage.press("r")
    #expect(tasks(stage.wanted()) == [.look("/srv/\u{202E}pipe")])
    // Given up by a key: what comes of it later is nobody's.
    let ticket = stage.intakes.last!
    stage.press("<Ctrl-c>")
    #expect(stage.wanted() == [.cancel(ticket)])
    stage.send(.intakeReported(ticket, .looked(Self.look())))
    #expect(!stage.frame.picture.contains("to be made"))
    stage.press("<Esc>")
    #expect(stage.app.top == .form)
  }

  @Test func theCommandLineNamesTheFileToo() {
    var stage = Stage.list()
    stage.press(":onboard my tenants.csv<Enter>")
    #expect(tasks(stage.wanted()) == [.look("my tenants.csv")])
    stage.press("<Esc><Esc>")
    #expect(stage.app.top == .list)

    var session = Sample.session
    session.right = .support
    stage = Stage.list(session: session)
    stage.press(":onboard x<Enter>")
    #expect(stage.app.top == .list && stage.status.contains("landlord_admin"))
    #expect(
      stage.asked().contains { if case .noteRefusal("onboardMany", nil, _) = $0 { true } else { false } })
  }

  @Test func manyLinesAreScrolledOver() {
    var csv = "siteId,tenantName,contactEmail,businessIndustry\n"
    for number in 0..<200 { csv += "Bad \(number),x,a@b.example,retail\n" }
    var look = Self.look()
    look.intake = try? Intake(Array(csv.utf8))
    var stage = Self.looked(look)
    stage.press("G")
    #expect(stage.frame.picture.contains("> line 201"))
    stage.press("gj")
    #expect(stage.frame.picture.contains("> line 3 "))
  }
}
