import Testing

@testable import landlord

@Suite struct TransportSecurityTests {
  private func additions(
    _ given: [String: String], defaults: [String: String] = ["sslmode": "prefer"], system: Bool = false,
    files: Set<String> = [TransportSecurity.systemBundle]
  ) -> [String: String] {
    let pairs = TransportSecurity.additions(
      given: given, defaults: defaults, libpqHasSystemRoots: system, home: "/home/ana",
      exists: { files.contains($0) })
    return Dictionary(uniqueKeysWithValues: pairs.map { ($0.keyword, $0.value) })
  }

  @Test(arguments: [
    "db.example", "192.0.2.7", "localhost,db.example", "127.0.0.1.example", "2001:db8::1", "128.0.0.1",
  ])
  func beyondThisMachineCertificateAndNameAreVerified(host: String) {
    #expect(
      additions(["host": host]) == ["sslmode": "verify-full", "sslrootcert": TransportSecurity.systemBundle])
  }

  @Test(arguments: [
    "", "localhost", "127.0.0.1", "127.255.0.3", "::1", "/run/postgresql", "@abstract", "/a,localhost",
  ])
  func onThisMachineNothingIsAdded(host: String) {
    #expect(additions(["host": host]) == [:])
  }

  @Test func theAddressCountsMoreThanTheName() {
    #expect(additions(["host": "localhost", "hostaddr": "192.0.2.7"])["sslmode"] == "verify-full")
    #expect(additions(["host": "db.example", "hostaddr": "127.0.0.1"]) == [:])
  }

  @Test func aHostFromLibpqsVariablesOrAServiceCountsToo() {
    #expect(
      additions([:], defaults: ["sslmode": "prefer", "host": "db.example"])["sslmode"] == "verify-full")
  }

  @Test func whoChoseIsLeftAlone() {
    #expect(additions(["host": "db.example", "sslmode": "disable"]) == [:])
    #expect(additions(["host": "db.example"], defaults: ["sslmode": "require"]) == [:])
  }

  @Test func aCertificateAuthorityThatIsThereIsKept() {
    #expect(additions(["host": "db.example", "sslrootcert": "/ca"]) == ["sslmode": "verify-full"])
    #expect(
      additions(["host": "db.example"], files: ["/home/ana/.postgresql/root.crt"]) == [
        "sslmode": "verify-full"
      ])
    #expect(additions(["host": "db.example"], files: []) == ["sslmode": "verify-full"])
  }

  @Test func aNewerLibpqFindsTheSystemsAuthoritiesItself() {
    #expect(additions(["host": "db.example"], system: true)["sslrootcert"] == "system")
  }
}

@Suite struct ClientNameTests {
  @Test(
    arguments: [
      ("/dev/pts/3", "203.0.113.9 50022 10.0.0.1 22", "landlord pts/3 ssh 203.0.113.9"),
      (nil, nil, "landlord"), ("/dev/tty1", nil, "landlord tty1"), (nil, "x\u{1B}é", "landlord ssh x???"),
    ] as [(String?, String?, String)])
  func itNamesTheTerminalAndTheSource(terminal: String?, ssh: String?, name: String) {
    #expect(ClientName.text(terminal: terminal, ssh: ssh) == name)
  }

  @Test func itIsNeverLongerThanTheServerKeeps() {
    #expect(ClientName.text(terminal: String(repeating: "x", count: 99), ssh: nil).utf8.count == 63)
  }
}
