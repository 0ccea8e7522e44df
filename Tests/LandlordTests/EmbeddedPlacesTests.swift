import Glibc
import Testing

@testable import landlord

@Suite struct EmbeddedPlacesTests {
  private let me = Account.current

  private func places(_ base: String) -> EmbeddedPlaces { EmbeddedPlaces(base: base, person: me, server: me) }

  @Test func aShortPathKeepsTheSocketBesideTheData() {
    #expect(places("/var/lib/landlord").socket == "/var/lib/landlord/run/.s.PGSQL.5432")
  }

  @Test(arguments: 60..<140)
  func theSocketsPathAlwaysFits(length: Int) {
    let socket = places("/" + String(repeating: "x", count: length)).socket
    #expect(socket.utf8.count <= 107)
  }

  @Test func longPathsThatDifferGetDifferentSockets() {
    let long = "/" + String(repeating: "x", count: 120)
    #expect(places(long + "1").socketDirectory != places(long + "2").socketDirectory)
  }

  @Test func aFolderThatOthersMayEnterIsRefused() throws {
    try withFolder { folder in
      let places = places(folder + "/landlord")
      try places.prepare()
      chmod(places.socketDirectory, 0o755)
      #expect(message { try places.prepare() }.contains(places.socketDirectory))
    }
  }

  @Test func aLinkInTheSocketsPlaceIsRefused() throws {
    try withFolder { folder in
      let places = places(folder + "/landlord")
      try places.prepare()
      rmdir(places.socketDirectory)
      symlink(folder, places.socketDirectory)
      #expect(throws: Failure.self) { try places.prepare() }
    }
  }
}

@Suite struct InstallationTests {
  private let fifteen = Installation(binaries: "/a", major: 15)
  private let seventeen = Installation(binaries: "/b", major: 17)

  @Test func theDataDecideWhichServerIsUsed() throws {
    #expect(try Installation.chosen(for: 15, of: [seventeen, fifteen]) == fifteen)
    #expect(try Installation.chosen(for: nil, of: [seventeen, fifteen]) == seventeen)
    #expect(
      try Installation.chosen(for: nil, of: [Installation(binaries: "/c", major: 99), fifteen]) == fifteen)
  }

  @Test func aMissingServerIsSaidWithWhatToDo() {
    #expect(message { try Installation.chosen(for: nil, of: []) }.contains("apt-get"))
    #expect(message { try Installation.chosen(for: 14, of: [fifteen]) }.contains("postgresql-14"))
    #expect(
      message { try Installation.chosen(for: nil, of: [Installation(binaries: "/c", major: 13)]) }.contains(
        "13"))
  }
}

/// A folder of its own for a test, which everyone may enter as the server's user must; removed afterwards.
func withFolder<T>(_ body: (String) throws -> T) throws -> T {
  var template = Array("/tmp/lle-XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else { throw Failure.system("cannot make a folder") }
  let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  chmod(folder, 0o755)
  defer { _ = Program.shell("rm -rf -- \(folder)") }
  return try body(folder)
}
