import TenantStore
import Terminal
import Testing

@testable import Console

/// What the audit leads to: one event, the chart, the proof, a file.
@Suite("Behind the audit") struct AuditPlacesTests {
  // MARK: One event

  @Test func anEntryTellsWhoHowProvenFromWhereWhyAndWhatChanged() {
    var stage = AuditScreenTests.stage(lines: 24)
    stage.press("<Enter>")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
      ▮update  SAVED

         When          2026-11-23 16:00:02Z
         Who           ben
         Role          none
         Proven by     cert:/CN=ben
         From          10.0.0.7
         Claims to be  landlord pts/3 ssh 192.0.2.1
         Why           SUP-2 moved
         Request       00000000-0000-4000-8000-0000000000ab
         Entry         102, number 2 of its chain
         Version       2
         Tenant        acme
         Tenant id     00000000-0000-4000-8000-000000000001

       What changed
         Name
           - Old 2
           + New



       Esc back  ? keys
      """)
    stage.press("y")
    #expect(
      stage.wanted() == [
        .copy(
          """
          What      update acme (saved)
          From, to  name Old 2 -> New
          Who       ben, proven: cert:/CN=ben, from 10.0.0.7
          When      2026-11-23 16:00:02Z
          Audit     entry 102, number 2 of its chain; request 00000000-0000-4000-8000-0000000000ab; reason: SUP-2 moved

          """)
      ])
    stage.press("<Esc>G<Enter>")
    #expect(stage.frame.picture.contains("reactivate  REFUSED"))
    #expect(stage.frame.picture.contains("Proven by     (not written down)"))
    stage.press("<Esc>Y")
    #expect(stage.frame.picture.contains("receipt"))
  }

  // MARK: Over time

  @Test func activityIsAChartInPlainCells() {
    var stage = AuditScreenTests.stage(lines: 20)
    stage.press("o")
    let request = AuditActivityRequest(filter: AuditScreenTests.ofAcme, days: 70)
    #expect(stage.asked() == [.auditActivity(request)])
    stage.answer(.auditActivity(AuditScreenTests.activity))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       ▮ctivity of acme  32 in 14 days, UTC

            16              █
                            █
                       ▄    █
                  ▂    █    █
             0 ▂  █▅   █   ▂█
               2026-11-10

       By action                               By person
       update                24 █████████████  ben                   30 █████████████
       register               8 ████           cem                    2 █






       Esc back  r refresh  ? keys
      """)
    stage.press("!")
    #expect(stage.app.top == .activity)
    stage.press("r")
    #expect(stage.asked() == [.auditActivity(request)])
  }

  // MARK: The proof

  @Test func verifyingShowsHowFarItIsAndWhatWasFound() throws {
    var stage = AuditScreenTests.stage()
    stage.press("V")
    let ticket = try #require(stage.verifications.first)
    #expect(stage.wanted() == [.verify(Sample.acme.id, ticket)])
    stage.send(.clock(Instant(microseconds: Sample.now.microseconds + 4_000_000)))
    stage.send(.verifying(ticket, AuditVerifier.Progress(done: 2000, total: 8000)))
    #expect(
      stage.frame.picture.contains(
        " [#####...............] 2000 of 8000  0:04, about 0:12 to go  Ctrl-c stops"))
    var outcome = AuditVerifier.Outcome()
    (outcome.entries, outcome.chains, outcome.unsealed) = (8000, 1, 8000)
    outcome.findings = [.badWitness(3, "ssh-ed25519 AAAA")]
    stage.send(.verified(ticket, .finished(outcome, signers: ["block 3: ssh-ed25519 AAAA, a witness"])))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Verify the audit of acme

       ▮OT as it was written:

         FORGED  block 3: the witness ssh-ed25519 AAAA did not sign this block
         8000 entries in 1 chain, 0 blocks, 8000 entries in no block yet
         signed  block 3: ssh-ed25519 AAAA, a witness



       Esc back  r refresh  ? keys
      """)
    stage.press("y")
    #expect(
      stage.wanted().contains(
        .copy(
          "FORGED  block 3: the witness ssh-ed25519 AAAA did not sign this block\n8000 entries in 1 chain, 0 blocks, 8000 entries in no block yet\n"
        )))
    stage.press("<Esc>")
    #expect(stage.frame.picture.contains(" NOT AS WRITTEN: 1 finding at 2026-11-23 17:00Z"))
  }

  @Test func whatIsVerifiedOfEverybodyHoldsForEachTenant() throws {
    var stage = AuditScreenTests.everybodys()
    stage.press("V")
    let ticket = try #require(stage.verifications.first)
    #expect(stage.wanted() == [.verify(nil, ticket)])
    var outcome = AuditVerifier.Outcome()
    outcome.entries = 12_345
    stage.send(.verified(ticket, .finished(outcome, signers: [])))
    #expect(stage.frame.picture.contains("All as it was written."))
    stage.press("<Esc>")
    #expect(stage.frame.picture.contains(" 12,345 entries verified 2026-11-23 17:00Z"))
    stage.press("a")
    #expect(stage.frame.picture.contains(" 12,345 entries verified 2026-11-23 17:00Z"))
  }

  @Test func ctrlCStopsAVerificationAndNothingIsKnown() throws {
    var stage = AuditScreenTests.stage()
    stage.press("V<Ctrl-c>")
    let ticket = try #require(stage.verifications.first)
    #expect(stage.wanted().contains(.cancel(ticket)))
    #expect(stage.frame.picture.contains("Stopped before its end, so nothing is known: r begins anew."))
    // What it says too late is not heard.
    stage.send(.verified(ticket, .finished(AuditVerifier.Outcome(), signers: [])))
    #expect(stage.frame.picture.contains("Stopped before its end"))
    stage.press("r<Esc>")
    #expect(stage.wanted().contains(.cancel(stage.verifications[1])))
    #expect(stage.frame.picture.contains("not verified yet"))
    stage.press("V")
    stage.send(.verified(stage.verifications[2], .failed("no connection: gone")))
    #expect(stage.frame.picture.contains("Not verified: no connection: gone"))
  }

  // MARK: A file

  @Test func whatTheFilterShowsIsWrittenToAFile() {
    var stage = AuditScreenTests.stage()
    stage.press("E")
    #expect(
      stage.asked() == [.auditPage(AuditPageRequest(filter: AuditScreenTests.ofAcme, limit: 1000))])
    let full = (0..<1000).map { AuditScreenTests.entry(2000 - $0) }
    stage.answer(.auditPage(AuditPage(events: full)))
    guard case .auditPage(let next)? = stage.asked().last else { return #expect(Bool(false)) }
    #expect(next.anchor == .after(full[999].cursor))
    stage.answer(.auditPage(AuditPage(events: [AuditScreenTests.refused])))
    guard case .export(let name, let text)? = stage.wanted().last else { return #expect(Bool(false)) }
    #expect(name == "audit-20261123T170000Z.jsonl")
    #expect(text.hasPrefix("update of acme\n") && text.hasSuffix("reactivate of acme\n"))
    stage.send(.exported(.file("/home/ana/\(name)")))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       ▮xport to a file: the audit of acme

       1001 events in this file, which only you can read (y copies its path):

         /home/ana/audit-20261123T170000Z.jsonl

       landlord audit export makes a file that proves itself.



       Enter go on  Esc back  ? keys
      """)
  }

  @Test func takingEverybodysAwayIsALookOfItsOwn() {
    var stage = AuditScreenTests.everybodys()
    stage.press("/ben<Enter>E")
    #expect(
      stage.asked().last == .openLook(TenantStore.Look("export of everybody's audit", filter: "ben")))
    stage.fail(.lockHeld(by: nil)) { if case .openLook = $0 { true } else { false } }
    #expect(stage.frame.picture.contains("Stopped, and nothing was written: r goes on"))
    stage.press("r")
    stage.answer(.look(13))
    stage.fail(.timedOut) { if case .auditPage(let page) = $0 { page.limit == 1000 } else { false } }
    stage.press("<Esc>")
    #expect(stage.asked().contains(.closeLook(13, outcome: "nothing exported")))
  }
}
