import Postgres
import TenantStore
import TestServer
import Testing

@testable import landlord

/// The console in lines of text, as a process with a script of lines, on a real server: the transcript word by word.
@Suite struct PlainConsoleTests {
  private let conninfo = TestServer.shared.database(.schema, as: .admin)

  /// What it says to these lines, without what is another in every run.
  private func talk(
    _ lines: String..., as login: TestServer.Login = .admin, on other: String? = nil
  ) -> (transcript: String, status: Int32) {
    let conninfo = other ?? TestServer.shared.conninfo(conninfo, as: login)
    let outcome = Program.run(
      ["--plain"], ["LANDLORD_DATABASE": conninfo], input: lines.map { $0 + "\n" }.joined())
    #expect(outcome.errors == "")
    return (Self.masked(outcome.output), outcome.status)
  }

  private static func masked(_ output: String) -> String {
    output.replacing(/test\d+ on local/, with: "DATABASE on local")
      .replacing(/[0-9a-f]{8}-[0-9a-f-]{27}/, with: "ID")
      .replacing(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/, with: "TIME")
      .replacing(/\n[A-Za-z0-9_-]{43}\n/, with: "\nSECRET\n")
      .replacing(/local\/test\d+/, with: "local/DATABASE")
      .replacing(/entry \d+/, with: "entry N")
  }

  /// What follows the greeting and the first menu.
  private func after(_ transcript: String) -> String {
    transcript.split(separator: "changes nothing.\n", maxSplits: 1).last.map(String.init) ?? ""
  }

  private func register(_ count: Int) throws {
    try TestServer.shared.connect(conninfo).run(
      """
      SELECT count(landlord.register_tenant(gen_random_uuid(), gen_random_uuid(), jsonb_build_object(
        'siteId', 't' || lpad(n::text, 3, '0'), 'tenantName', 'Tenant ' || n, 'contactEmail', 'a@b.example',
        'businessIndustry', 'retail', 'allowedOrigins', '[]'::jsonb, 'permissions', '[]'::jsonb),
        sha256('x'), 'hint', NULL))
      FROM generate_series(1, \(count)::int) n
      """, deadline: 60_000)
  }

  @Test func itSaysWhoAndWhereAndWhatCanBeDone() {
    #expect(
      talk("quit").transcript == """
        Landlord, plain console.
        Connected to DATABASE on local as admin (admin), primary.
        Type a number or a word, then Enter:
        1 list: the tenants from the first on
        2 find: tenants by words, for example: find acme state:active
        3 next: the next page of the list
        4 open: one tenant, by its number in the list, its site id or its id, for example: open 2
        5 onboard: a new tenant
        6 help: these choices again
        7 quit: leave
        Anywhere in a question, a single dot gives up and changes nothing.
        Main menu, 1 to 7 or help:
        Goodbye.

        """)
  }

  @Test func aTenantIsOnboardedFieldByFieldUnderTheRulesOfTheForm() {
    let (transcript, status) = talk(
      "onboard", "Acme GmbH", "", "ops", "ops@acme.example", "", "nothing", "11", "http://acme.example",
      "https://acme.example/", "", "6", "nonsense", "", "no", "website", "https://acme.example", "", "yes",
      "7")
    #expect(status == 0)
    let industries = """
      The industries:
      1 agriculture
      2 education
      3 energy
      4 finance
      5 healthcare
      6 hospitality
      7 logistics
      8 manufacturing
      9 media
      10 public-sector
      11 retail
      12 software
      Industry: a number or a name.

      """
    #expect(
      after(transcript) == """
        Main menu, 1 to 7 or help:
        Onboard a tenant. Its fields one after the other; each can be mended before it is saved.
        Name:
        Site id: (an empty line keeps acme-gmbh)
        acme-gmbh is free.
        Contact e-mail:
        Contact e-mail: Write it as name@host, with one @.
        Contact e-mail:
        Website: (may be empty)
        \(industries)Industry: Choose an industry from the catalogue.
        \(industries)Origins: none
        A line adds one, a hyphen before it takes it away, an empty line ends.
        Origins, 0 so far:
        http://acme.example is not added: Use https; http is for localhost only.
        Origins, 0 so far:
        Origins, 1 so far:
        The permissions there are:
        1 api.access
        2 billing.read
        3 billing.write
        4 data.export
        5 data.import
        6 orders.read
        7 orders.write
        8 reports.read
        9 sso.configure
        10 users.read
        11 users.write
        12 webhooks.manage
        Permissions: none
        A line adds one, a hyphen before it takes it away, an empty line ends.
        Permissions, 0 so far:
        Permissions, 1 so far:
        nonsense is not added: Choose permissions from the catalogue.
        Permissions, 1 so far:
        Site id: acme-gmbh
        Name: Acme GmbH
        Contact e-mail: ops@acme.example
        Website: (not set)
        Industry: retail
        Origins: 1
          https://acme.example
        Permissions: 1
          orders.read
        Onboard this tenant? Type yes or no.
        Not saved yet.
        1 Site id: acme-gmbh
        2 Name: Acme GmbH
        3 Contact e-mail: ops@acme.example
        4 Website: (not set)
        5 Industry: retail
        6 Origins: https://acme.example
        7 Permissions: orders.read
        Which field? Its number or name; an empty line goes on to saving; a dot gives up.
        Website: (may be empty)
        Which field? Its number or name; an empty line goes on to saving; a dot gives up.
        Site id: acme-gmbh
        Name: Acme GmbH
        Contact e-mail: ops@acme.example
        Website: https://acme.example
        Industry: retail
        Origins: 1
          https://acme.example
        Permissions: 1
          orders.read
        Onboard this tenant? Type yes or no.
        acme-gmbh is onboarded. This is its secret, shown this once; store it now:
        SECRET
        What: onboarded acme-gmbh (Acme GmbH)
        From, to: nothing -> version 1
        Who: admin on local/DATABASE
        When: TIME
        Audit: entry N; to undo: deactivate (its site id is never given again)
        Main menu, 1 to 7 or help:
        Goodbye.

        """)
  }

  @Test func theSecretThatIsSaidIsTheTenants() throws {
    try onboardAcme()
    let said = Program.run(
      ["--plain"], ["LANDLORD_DATABASE": conninfo],
      input: "onboard\nBeta\n\nb@beta.example\n\nretail\n\n\nyes\n")
    let lines = said.output.split(separator: "\n")
    let place = try #require(lines.firstIndex { $0.hasPrefix("beta is onboarded") })
    let verified = Program.run(
      ["tenant", "verify-secret", "beta"], ["LANDLORD_DATABASE": conninfo], input: String(lines[place + 1]))
    #expect(verified.status == 0)
  }

  private func onboardAcme() throws {
    let made = Program.run(
      [
        "tenant", "create", "--site-id", "acme", "--name", "Acme GmbH", "--email", "ops@acme.example",
        "--industry", "retail", "--origin", "https://acme.example",
      ], ["LANDLORD_DATABASE": conninfo])
    try #require(made.status == 0)
  }

  /// What is said about an opened tenant, from its menu on.
  private func afterOpening(_ transcript: String) -> String {
    transcript.split(separator: "11 quit: leave\n", maxSplits: 1).last.map(String.init) ?? ""
  }

  @Test func aTenantIsOpenedByItsNumberInTheListOrByItsName() throws {
    try onboardAcme()
    #expect(
      after(talk("open 1", "find ac", "open 1", "back", "find zzz", "open nosuch").transcript) == """
        Main menu, 1 to 7 or help:
        There is no tenant "1".
        Main menu, 1 to 7 or help:
        One or two letters match the beginnings of words only.
        1. acme: Acme GmbH, active, ops@acme.example
        That is all: 1 tenant.
        Main menu, 1 to 7 or help:
        Site id: acme
        Name: Acme GmbH
        Contact e-mail: ops@acme.example
        Website: (not set)
        Industry: retail
        Origins: 1
          https://acme.example
        Permissions: none
        State: active
        Version: 1
        Created: TIME
        Updated: TIME
        Tenant id: ID
        Activity: 1 change in 26 weeks
        Type a number or a word, then Enter:
        1 show: the tenant as it is now
        2 history: what happened to it, the newest first, for example: history actor:ana
        3 older: what happened before that
        4 edit: change its fields
        5 suspend: shut its doors for a while
        6 resume: open them again
        7 deactivate: take it out of service
        8 reactivate: bring it back into service
        9 back: to the main menu
        10 help: these choices again
        11 quit: leave
        Tenant acme, 1 to 11 or help:
        Main menu, 1 to 7 or help:
        No tenant matches.
        Main menu, 1 to 7 or help:
        There is no tenant "nosuch".
        Main menu, 1 to 7 or help:
        The input has ended. Goodbye.

        """)
  }

  @Test func anEditSaysWhatGoesAndComesAndAsksForAReason() throws {
    try onboardAcme()
    let (transcript, _) = talk(
      "open acme", "edit", "2", "it@acme.example", "origins", "-https://acme.example",
      "https://app.acme.example",
      "", "", "yes", "", "SUP-7 moved", "history", "older", "history action:register outcome:x", "quit")
    #expect(
      afterOpening(transcript) == """
        Tenant acme, 1 to 11 or help:
        Edit acme, version 1.
        1 Name: Acme GmbH
        2 Contact e-mail: ops@acme.example
        3 Website: (not set)
        4 Industry: retail
        5 Origins: https://acme.example
        6 Permissions: none
        Which field? Its number or name; an empty line goes on to saving; a dot gives up.
        Contact e-mail: (an empty line keeps ops@acme.example)
        Which field? Its number or name; an empty line goes on to saving; a dot gives up.
        Origins: 1
          https://acme.example
        A line adds one, a hyphen before it takes it away, an empty line ends.
        Origins, 1 so far:
        https://acme.example is taken away.
        Origins, 0 so far:
        Origins, 1 so far:
        Which field? Its number or name; an empty line goes on to saving; a dot gives up.
        Contact e-mail:
          no longer: ops@acme.example
          new: it@acme.example
        Origins:
          no longer: https://acme.example
          new: https://app.acme.example
        1 origin no longer accepted, 1 accepted from now on; 1 in all afterwards.
        Save these changes of acme? Type yes or no.
        Reason, for the audit:
        Say why first, or give up with a dot.
        Reason, for the audit:
        What: edited acme (Acme GmbH)
        From, to: version 1 -> 2; contact e-mail ops@acme.example -> it@acme.example; origins 1 -> 1 entries
        Who: admin on local/DATABASE
        When: TIME
        Audit: entry N; to undo: edit and put the old values back
        Tenant acme, 1 to 11 or help:
        Number 2, TIME: update by admin, version 2, entry N.
          Reason: SUP-7 moved
          Contact e-mail: was ops@acme.example, became it@acme.example
          Origins: was https://acme.example, became https://app.acme.example
        Number 1, TIME: register by admin, version 1, entry N.
          Site id: became acme
          Name: became Acme GmbH
          Contact e-mail: became ops@acme.example
          Industry: became retail
          Origins: became https://acme.example
          State: became active
        That is the whole history.
        Tenant acme, 1 to 11 or help:
        There is nothing older, or the history was not asked for yet.
        Tenant acme, 1 to 11 or help:
        "outcome:x" is not understood: outcome: is one of saved, stale, gone, refused, looked
        Tenant acme, 1 to 11 or help:
        Goodbye.

        """)
  }

  @Test func aTenantIsDeactivatedByItsTypedSiteIDAndBroughtBack() throws {
    try onboardAcme()
    let (transcript, _) = talk(
      "open acme", "reactivate", "deactivate", "", "SUP-8", "", "yesterday", "", "yes", "acme", "8", "SUP-9",
      "", "", "maybe", "no", "deactivate")
    #expect(
      afterOpening(transcript) == """
        Tenant acme, 1 to 11 or help:
        Not possible: acme is active, not deactivated
        Tenant acme, 1 to 11 or help:
        Deactivate acme: Acme GmbH.
        1 origin and 0 permissions stop being accepted, and so does its secret. Nothing is deleted.
        Reason, for the audit:
        Say why first, or give up with a dot.
        Reason, for the audit:
        Ticket: (may be empty)
        Purge date: a day such as 2026-12-01, or 30d. (may be empty)
        "yesterday" is no moment that lies ahead. Write 2026-12-01, or 30d for in thirty days.
        Type the site id acme to do it, or a dot to give up.
        That is not acme. Nothing was changed yet.
        Type the site id acme to do it, or a dot to give up.
        What: deactivated acme (Acme GmbH)
        From, to: version 1 -> 2; active -> deactivated
        Who: admin on local/DATABASE
        When: TIME
        Audit: entry N; to undo: reactivate
        Doors: reads refused, writes refused, secret refused, origins refused
        Tenant acme, 1 to 11 or help:
        Reactivate acme: Acme GmbH.
        1 origin and 0 permissions are accepted again, and so is its secret.
        Reason, for the audit:
        Ticket: (may be empty)
        Suspended by itself when: a day such as 2026-12-01, or 30d. (may be empty)
        Reactivate acme? Type yes or no.
        Type yes or no.
        Given up; nothing was changed.
        Tenant acme, 1 to 11 or help:
        Not possible: acme is deactivated, not active
        Tenant acme, 1 to 11 or help:
        The input has ended. Goodbye.

        """)
  }

  @Test func suspendingTakesTheTermsAndSaysWhatItMayStillDo() throws {
    try onboardAcme()
    let (transcript, _) = talk("open acme", "suspend", "unpaid", "FIN-7", "30d", "yes", "yes")
    #expect(transcript.contains("Resumed by itself when: a day such as 2026-12-01, or 30d. (may be empty)"))
    #expect(transcript.contains("May it still read? Type yes or no."))
    #expect(transcript.contains("Doors: reads open, writes refused, secret open, origins open"))
    let shown = Program.run(["tenant", "show", "acme"], ["LANDLORD_DATABASE": conninfo]).output
    #expect(shown.contains("suspended"))
    let ticket = try TestServer.shared.connect(conninfo).run(
      "SELECT ticket FROM landlord.terms", deadline: 5_000)
    #expect(ticket.exactlyOne.string(0) == "FIN-7")
  }

  @Test func theListGoesOnPageByPageAndKeepsItsNumbers() throws {
    try register(45)
    let transcript = after(talk("next", "list", "3", "next", "next", "open 41").transcript)
    let lines = transcript.split(separator: "\n")
    #expect(lines.contains("There is no list yet: type list or find."))
    #expect(lines.contains("These are 1 to 20 of 45 tenants; next goes on."))
    #expect(lines.filter { $0.contains("Tenant ") && $0.contains(". t") }.count == 45)
    #expect(lines.contains("45. t045: Tenant 45, active, a@b.example"))
    #expect(lines.contains("That is all: 45 tenants."))
    #expect(lines.contains("There are no more."))
    #expect(lines.contains("Site id: t041"))
  }

  @Test func whatIsNotUnderstoodSaysWhatWouldBe() {
    let (transcript, status) = talk("frobnicate", "", "99", "find state:acti\u{1B}[A", "\u{1B}[A", ".")
    #expect(status == 0)
    #expect(transcript.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    #expect(
      transcript.contains(
        "\"frobnicate\" is no choice here. Type a number from 1 to 7 or a word; help lists them."))
    #expect(transcript.contains("Nothing was typed. Type help for the choices."))
    #expect(transcript.contains("is not understood:"))
    #expect(transcript.hasSuffix("The input has ended. Goodbye.\n"))
    let bytes = Program.shell(
      "printf 'list\\n\\377\\nquit' | landlord --plain", ["LANDLORD_DATABASE": conninfo])
    #expect(bytes.output.contains("That line is not UTF-8 text. Type it again.\nGoodbye.\n"))
  }

  @Test func theEndOfInputInTheMiddleOfAFormChangesNothing() {
    #expect(talk("onboard", "Acme", "", "ops@acme.example").status == 0)
    #expect(talk("list").transcript.contains("There are no tenants yet."))
  }

  @Test func whoMayOnlyLookIsToldSo() throws {
    try onboardAcme()
    let (transcript, _) = talk("onboard", "open acme", "edit", "deactivate", as: .support)
    let refusal = "Not possible: support may look but not change: that takes the role landlord_admin"
    #expect(transcript.split(separator: "\n").filter { $0 == refusal }.count == 3)
  }

  @Test func aDatabaseWithoutASchemaEndsItWithAdvice() {
    let outcome = Program.run(
      ["--plain"], ["LANDLORD_DATABASE": TestServer.shared.database(.empty, as: .installer)], input: "list\n")
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("This database has no landlord schema. Run: landlord migrate"))
  }

  /// Another edit comes between this one's beginning and its saving.
  @Test func whatOthersSavedMeanwhileIsSaidAndTheRestIsKept() throws {
    try onboardAcme()
    let outcome = Program.shell(
      """
      coproc landlord --plain
      say() { printf '%s\\n' "$@" >&"${COPROC[1]}"; }
      hear() { while read -r line <&"${COPROC[0]}"; do echo "$line"; [[ $line == "$1"* ]] && return; done; }
      say 'open acme' edit email
      hear '\"email\" is no field'
      landlord tenant edit acme --set name=Theirs --set email=theirs@acme.example >/dev/null
      say 'contact e-mail' mine@acme.example '' yes '' yes '' quit
      while read -r line; do echo "$line"; done <&"${COPROC[0]}"
      """, ["LANDLORD_DATABASE": conninfo])
    #expect(
      Self.masked(outcome.output).hasSuffix(
        """
        Reason, for the audit: (may be empty)
        Changed by someone else meanwhile: it is at version 2, active, now.
        Name: theirs is Theirs.
        Contact e-mail: theirs is theirs@acme.example.
        Yours is mine@acme.example, and saving writes yours.
        Nothing was saved. Look again.
        Contact e-mail:
        no longer: theirs@acme.example
        new: mine@acme.example
        Save these changes of acme? Type yes or no.
        Reason, for the audit: (may be empty)
        What: edited acme (Theirs)
        From, to: version 2 -> 3; contact e-mail theirs@acme.example -> mine@acme.example
        Who: admin on local/DATABASE
        When: TIME
        Audit: entry N; to undo: edit and put the old values back
        Tenant acme, 1 to 11 or help:
        Goodbye.

        """))
  }

  @Test(arguments: [
    (CuttingProxy.Cut.beforeClient, "The line was lost, but it was carried out."),
    (.beforeServer, "It never arrived and nothing was changed. Try again."),
  ])
  func aWriteWhoseLineWasLostIsAskedAfter(_ cut: CuttingProxy.Cut, _ words: String) throws {
    try onboardAcme()
    let proxy = CuttingProxy(to: .shared)
    proxy.cut(cut, at: "update_tenant")
    let (transcript, _) = talk(
      "open acme", "edit", "name", "Acme AG", "", "yes", "", "yes", "", "show",
      on: "\(conninfo) host='\(proxy.directory)'")
    #expect(
      transcript.contains(
        "The line was lost and the outcome is unknown. Asking what became of it.\n\(words)\n"))
    #expect(transcript.contains("What: edited acme (Acme AG)"))
    #expect(talk("open acme").transcript.contains("Name: Acme AG\n"))
  }
}
