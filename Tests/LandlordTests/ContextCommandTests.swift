import Glibc
import Postgres
import TenantStore
import TestServer
import Testing

@testable import landlord

/// The commands for tenants' contexts, from the first key to signed mode.
@Suite struct ContextCommandTests {
  private let conninfo = TestServer.shared.database(.platform, as: .admin)

  private func landlord(_ arguments: String...) -> Program.Outcome {
    Program.run(["context"] + arguments, ["LANDLORD_DATABASE": conninfo])
  }

  /// What the platform's code gets when it enters a tenant with this signature.
  private func enter(_ connection: Connection, _ signature: String) throws -> String? {
    do {
      try connection.run(
        "SELECT landlord.enter_tenant(\(SamplePlatform.tenant(1))::uuid, \(signature)::text)", deadline: 5_000
      )
      return nil
    } catch .server(let error) { return error.constraint }
  }

  @Test func signedModeIsReachedByCommandsAlone() throws {
    #expect(landlord("mode").output == "contexts are plain\n")
    #expect(landlord("mode", "signed").status == 5)
    #expect(landlord("sign", "tenant-01", "--pid", "1").status == 3)
    let key = landlord("rotate", "--reason", "first")
    #expect(key.status == 0)
    #expect(ContextKey(String(key.output.dropLast()))?.number == 1)
    #expect(landlord("mode", "signed", "--reason", "SUP-1").status == 0)
    #expect(landlord("mode", "--json").output.hasPrefix(#"{"mode":"signed","keys":[{"key":1,"madeAt":""#))

    let platform = TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .platform))
    let pid = String(platform.processID)
    let signed = landlord("sign", "tenant-01", "--pid", pid)
    let signature = String(signed.output.dropLast())
    #expect(try enter(platform, "") == "context_unsigned")
    #expect(try enter(platform, signature) == nil)
    #expect(landlord("verify", "tenant-01", signature, "--pid", pid).status == 0)
    let wrong = landlord("verify", "tenant-02", signature, "--pid", pid)
    #expect(wrong.status == 1 && wrong.errors.contains("signature_forged"))
    #expect(landlord("mode", "plain").output.hasPrefix("contexts are plain\nkey 1  made "))
    #expect(try enter(platform, "") == nil)
  }

  @Test func theLogNamesTheTenantThatWorkIsDoneFor() throws {
    let path = "/tmp/landlord-test-\(getpid())-\(TenantID.random())"
    defer { unlink(path) }
    let log = try Log(path: path)
    let tenant = TenantID.random()
    TenantContext.$current.withValue(tenant) { log.info("inside") }
    log.info("outside")
    let lines = Program.text(of: path).split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].contains("\"tenant\":\"\(tenant)\"") && lines[0].contains("inside"))
    #expect(!lines[1].contains("tenant"))
  }
}
