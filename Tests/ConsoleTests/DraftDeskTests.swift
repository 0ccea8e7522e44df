import Glibc
import TenantStore
import Terminal
import Testing

@testable import Console

/// Draft files, as they may lie there.
@Suite struct DraftDeskTests {
  private let folder: String
  private let name = DraftTests.name

  init() {
    var template = Array("/tmp/landlord-test-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil)
    folder =
      String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self) + "/landlord/drafts"
  }

  private var path: String { folder + "/" + name.file }

  private func desk() throws -> DraftDesk { DraftDesk(folder: folder, wake: try WakePipe()) }

  private func done(_ desk: DraftDesk) -> [DraftNews] {
    desk.finish()
    return desk.news().map(\.1)
  }

  private func write(_ bytes: [UInt8], mode: mode_t = 0o600, to other: String? = nil) {
    let file = open(other ?? path, O_WRONLY | O_CREAT | O_TRUNC, mode)
    defer { close(file) }
    precondition(Glibc.write(file, bytes, bytes.count) == bytes.count)
  }

  @Test func whatIsKeptIsThereForTheNextAndForNobodyElse() throws {
    let first = try desk()
    first.open(name)
    first.keep(name, "one")
    first.keep(name, "two")
    #expect(done(first) == [.none])
    var facts = stat()
    #expect(stat(path, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
    #expect(stat(folder, &facts) == 0 && facts.st_mode & 0o777 == 0o700)

    // Another console, while the first has it open.
    let second = try desk()
    second.open(name)
    second.keep(name, "not this")
    second.close(name, removing: true)
    #expect(done(second) == [.elsewhere])

    first.close(name, removing: false)
    _ = done(first)
    let third = try desk()
    third.open(name)
    third.close(name, removing: true)
    third.open(name)
    #expect(done(third) == [.found("two"), .none])
  }

  @Test func whatIsNoDraftOfOursIsToldAndLeftAsItIs() throws {
    _ = try {
      let desk = try desk()
      desk.open(name)
      desk.close(name, removing: false)
      return done(desk)
    }()
    let elsewhere = folder + "/elsewhere"
    let obstacles: [(make: () -> Void, words: String)] = [
      ({ symlink(elsewhere, path) }, "cannot read"), ({ mkdir(path, 0o700) }, "no ordinary file"),
      ({ mkfifo(path, 0o600) }, "no ordinary file"),
      ({ write([0x61], mode: 0o644) }, "may be read by others"),
      ({ write([UInt8](repeating: 0x61, count: Draft.most + 1)) }, "longer than"),
    ]
    for (make, words) in obstacles {
      make()
      var before = stat()
      lstat(path, &before)
      let desk = try desk()
      desk.open(name)
      desk.keep(name, "over it")
      desk.close(name, removing: true)
      guard case .problem(let why)? = done(desk).first else {
        Issue.record("\(words): no problem is told")
        continue
      }
      #expect(why.contains(words))
      var after = stat()
      #expect(lstat(path, &after) == 0 && before.st_ino == after.st_ino && before.st_size == after.st_size)
      unlink(path)
      rmdir(path)
    }
    #expect(access(elsewhere, F_OK) != 0)
  }

  @Test func bytesThatAreNoTextAreADamagedDraft() throws {
    mkdir(String(folder.dropLast("/landlord/drafts".count)) + "/landlord", 0o700)
    mkdir(folder, 0o700)
    write([0xFF, 0x00, 0xFE])
    let desk = try desk()
    desk.open(name)
    #expect(done(desk) == [.found("")])
    #expect(access(path, F_OK) == 0)
  }

  @Test func theDraftsThatLieThereAreFoundButNotWhatIsOpenOrNoFileOfTheOwn() throws {
    #expect(LyingDraft.all(in: folder) == [])
    let first = try desk()
    first.open(name)
    first.keep(name, "one")
    _ = done(first)
    #expect(LyingDraft.all(in: folder) == [])
    first.close(name, removing: false)
    first.seek()
    _ = done(first)
    let whole = LyingDraft(file: name.file, text: "one")
    #expect(first.found() == [whole] && first.found() == nil)

    mkfifo(folder + "/a.draft", 0o600)
    mkdir(folder + "/b.draft", 0o700)
    symlink(path, folder + "/c.draft")
    write([0x61], mode: 0o644, to: folder + "/d.draft")
    write([0xFF], to: folder + "/e.draft")
    write([0x61], to: folder + "/f")
    #expect(LyingDraft.all(in: folder) == [whole])
  }

  @Test func whereNoFolderCanBeMadeThatIsTold() throws {
    let desk = DraftDesk(folder: "/proc/nowhere/drafts", wake: try WakePipe())
    desk.open(name)
    guard case .problem? = done(desk).first else {
      Issue.record("no problem is told")
      return
    }
  }
}
