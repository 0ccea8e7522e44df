import Glibc
import Synchronization
import Terminal

/// Carries out what is to be done with drafts, on a thread of its own and in order, so that no key waits for a disk. A draft that is
/// open is locked until it is closed or this process ends, however it ends: another console sees that.
final class DraftDesk: @unchecked Sendable {
  // The thread alone touches `locks`; all else is behind the mutex: that is what `unchecked` answers for.
  private enum Job {
    case seek
    case open(DraftName)
    case keep(DraftName, String)
    case close(DraftName, removing: Bool)
    case end
  }
  private struct Shared {
    var jobs: [Job] = []
    var news: [(DraftName, DraftNews)] = []
    /// What the last look found, until it is told.
    var found: [LyingDraft]?
  }

  private let folder: String
  private let wake: WakePipe
  private let shared = Mutex(Shared())
  private let bell = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
  private var locks: [DraftName: Int32] = [:]
  private var thread: pthread_t?

  /// `folder`: where the drafts are; it is made when the first one is opened.
  init(folder: String, wake: WakePipe) {
    self.folder = folder
    self.wake = wake
    sem_init(bell, 0, 0)
  }

  func seek() { add(.seek) }
  func open(_ name: DraftName) { add(.open(name)) }
  func keep(_ name: DraftName, _ text: String) { add(.keep(name, text)) }
  func close(_ name: DraftName, removing: Bool) { add(.close(name, removing: removing)) }

  /// What there is to be told since the last time, in order.
  func news() -> [(DraftName, DraftNews)] {
    shared.withLock { shared in
      defer { shared.news = [] }
      return shared.news
    }
  }

  /// What a look found, once.
  func found() -> [LyingDraft]? {
    shared.withLock { shared in
      defer { shared.found = nil }
      return shared.found
    }
  }

  /// Waits until all that was asked for is done.
  func finish() {
    guard let thread else { return }
    add(.end)
    pthread_join(thread, nil)
    self.thread = nil
  }

  private func add(_ job: Job) {
    shared.withLock { $0.jobs.append(job) }
    if thread == nil { start() }
    sem_post(bell)
  }

  private func start() {
    var thread = pthread_t()
    let me = Unmanaged.passRetained(self)
    let failure = pthread_create(
      &thread, nil,
      { raw in
        guard let raw else { return nil }
        Unmanaged<DraftDesk>.fromOpaque(raw).takeRetainedValue().run()
        return nil
      }, me.toOpaque())
    precondition(failure == 0, "no thread could be made")
    self.thread = thread
  }

  private func run() {
    while true {
      while sem_wait(bell) != 0 {}
      guard let job = shared.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) else { continue }
      switch job {
      case .seek:
        let found = LyingDraft.all(in: folder)
        shared.withLock { $0.found = found }
        wake.wake()
      case .open(let name): tell(name, opened(name))
      case .keep(let name, let text): if let news = kept(name, text) { tell(name, news) }
      case .close(let name, let removing): closed(name, removing)
      case .end: return
      }
    }
  }

  private func tell(_ name: DraftName, _ news: DraftNews) {
    shared.withLock { $0.news.append((name, news)) }
    wake.wake()
  }

  private func opened(_ name: DraftName) -> DraftNews {
    if locks[name] != nil { return .elsewhere }
    if let problem = makeFolder() { return .problem(problem) }
    let lock = Glibc.open(path(name) + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
    guard lock >= 0 else { return .problem("cannot lock \(path(name)): \(String(cString: strerror(errno)))") }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      Glibc.close(lock)
      return .elsewhere
    }
    do throws(OrdinaryFile.Problem) {
      let bytes = try OrdinaryFile.read(path(name), most: Draft.most, isPrivate: true)
      locks[name] = lock
      guard let bytes else { return .none }
      // Bytes that are no text are no draft, and are not repaired into one.
      return .found(String(validating: bytes, as: UTF8.self) ?? "")
    } catch {
      Glibc.close(lock)
      return .problem(error.words)
    }
  }

  /// Only what is open here, so that nothing that lies there is written over unseen.
  private func kept(_ name: DraftName, _ text: String) -> DraftNews? {
    guard locks[name] != nil else { return nil }
    do throws(OrdinaryFile.Problem) {
      try OrdinaryFile.replace(path(name), with: Array(text.utf8))
      return nil
    } catch { return .problem(error.words) }
  }

  private func closed(_ name: DraftName, _ removing: Bool) {
    guard let lock = locks.removeValue(forKey: name) else { return }
    if removing { unlink(path(name)) }
    Glibc.close(lock)
  }

  private func path(_ name: DraftName) -> String { folder + "/" + name.file }

  /// Ours and the one above are for their owner alone; those above that are whatever they are.
  private func makeFolder() -> String? {
    let parts = folder.split(separator: "/")
    for count in parts.indices {
      let path = "/" + parts[...count].joined(separator: "/")
      if mkdir(path, count >= parts.count - 2 ? 0o700 : 0o755) != 0, errno != EEXIST {
        return "cannot make \(path): \(String(cString: strerror(errno)))"
      }
    }
    return nil
  }
}
