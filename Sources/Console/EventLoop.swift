import CPages
import Glibc
import TenantStore
import Terminal

/// One thread, one `poll`: terminal, signals, wake-ups, the store's sockets, and the times that were asked for.
/// Keys are taken in first, and what they did is painted at once; then everything else that waits, in order, and the screen is
/// painted once more if that changed anything.
final class EventLoop {
  enum End {
    case ended(ConsoleEnd)
    case signal(Int32)
  }

  private let curses: Curses
  private let signals: SignalPipe
  private let wake: WakePipe
  private let store: Store
  private let migration: MigrationThread
  private let verification: VerificationThread
  private let resources: ResourceThreads
  private let intake: IntakeThread
  private let drafts: DraftDesk?
  private var app: App
  private var link: Store.Link?
  private var timers: [(due: Int64, alarm: Alarm)] = []
  private var paintedTop: Place?
  /// Nothing has come since the screen was painted.
  private var isPainted = false
  /// Sends and cancels that the store has not been told yet.
  private var unsaid: [Effect] = []
  private var ready = Ready()
  private var end: End?

  /// What the last wait found: a read of what has nothing is a system call too many.
  private struct Ready {
    var keys = false
    var wake = false
  }

  init(
    curses: Curses, signals: SignalPipe, wake: WakePipe, store: Store, options: ConsoleOptions,
    migrate: @escaping @Sendable () -> String?, verify: @escaping Verify,
    resources: @escaping ResourceWork, intake: @escaping CarryOutIntake
  ) {
    self.curses = curses
    self.signals = signals
    self.wake = wake
    self.store = store
    migration = MigrationThread(migrate, wake)
    verification = VerificationThread(verify, wake)
    self.resources = ResourceThreads(resources, wake)
    self.intake = IntakeThread(intake, wake)
    drafts = options.drafts.map { DraftDesk(folder: $0, wake: wake) }
    app = App(seeds: SystemSeeds(), size: curses.size, options: options)
  }

  func run() -> End {
    take(.clock(Self.now))
    perform(app.start())
    takeStore()
    paint()
    speak()
    while true {
      if let end {
        verification.abandon()
        take(.ending)
        speak()
        drafts?.finish()
        return end
      }
      wait()
      take(.clock(Self.now))
      // Whatever poll found: a signal that came with it is handled on the way out of poll, and the keys typed after
      // a change of size are for that size.
      takeSignals()
      if ready.keys {
        takeKeys()
        // Before anything is asked of a server: on the way to an answer it may take this processor away from us.
        if end == nil { paint() }
        giveWay()
      }
      takeTimers()
      if ready.wake { wake.clear() }
      if let result = migration.result() { take(.migrated(result.problem)) }
      for report in resources.reports() { take(.reported(report)) }
      for event in verification.events() + intake.events() { take(event) }
      for (name, news) in drafts?.news() ?? [] { take(.draft(name, news)) }
      if let found = drafts?.found() { take(.drafts(found)) }
      takeStore()
      if end == nil, !isPainted { paint() }
      speak()
    }
  }

  // MARK: Waiting

  /// Until something has come or a time has passed.
  private func wait() {
    var descriptors = [
      pollfd(fd: curses.input, events: Int16(POLLIN) | (curses.isBehind ? Int16(POLLOUT) : 0), revents: 0),
      pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    for watch in store.watched {
      descriptors.append(
        pollfd(fd: watch.descriptor, events: Int16(watch.forWriting ? POLLOUT : POLLIN), revents: 0))
    }
    let ready = poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: patience))
    // A hang-up is found by reading, as an end is.
    self.ready = Ready(
      keys: descriptors[0].revents & ~Int16(POLLOUT) != 0, wake: descriptors[2].revents != 0)
    if ready > 0, descriptors[0].revents & Int16(POLLOUT) != 0 { curses.catchUp() }
    // A sequence that had begun and got nothing more: it was a key of its own.
    if ready == 0, curses.isWaiting { for key in curses.timeout() { take(.key(key)) } }
  }

  /// Milliseconds until something must be done even if nothing comes; -1: never.
  private var patience: Int {
    var patience = [store.deadline, curses.isWaiting ? KeyDecoder.patience : nil, curses.hold].compactMap {
      $0
    }
    if let next = timers.map(\.due).min() { patience.append(Int(max(0, next - Self.milliseconds))) }
    return patience.min().map { max(0, $0) } ?? -1
  }

  /// Who reads our terminal has been woken by what was painted, and so would a server be by what is to be asked: on a small
  /// machine the one would wait for the other, for milliseconds. So it comes first, unless there are more keys already.
  private func giveWay() {
    guard !unsaid.isEmpty else { return }
    var input = pollfd(fd: curses.input, events: Int16(POLLIN), revents: 0)
    poll(&input, 1, 1)
  }

  // MARK: Taking in

  private func take(_ event: Event) {
    isPainted = false
    perform(app.update(event))
  }

  private func takeKeys() {
    switch curses.read() {
    case .keys(let keys):
      for (number, key) in keys.enumerated() where end == nil {
        take(.key(key))
        // A paste without marks brings them by the thousand: no signal waits for the last.
        if number % 16 == 15 { takeSignals() }
      }
    case .hungUp: end = .signal(SIGHUP)
    }
  }

  private func takeSignals() {
    for event in signals.events() {
      switch event {
      case .resized: take(.resized(curses.resize()))
      case .continued:
        curses.resume()
        take(.resized(curses.size))
      case .suspend: suspend()
      case .hangup: end = .signal(SIGHUP)
      case .terminate(let signal): end = .signal(signal)
      }
    }
  }

  private func takeTimers() {
    guard !timers.isEmpty else { return }
    let now = Self.milliseconds
    let due = timers.filter { $0.due <= now }.sorted { $0.due < $1.due }
    timers.removeAll { $0.due <= now }
    for timer in due { take(.alarm(timer.alarm)) }
  }

  private func takeStore() {
    // What an answer asks for may be answered at once, too; an endless chain of those would keep keys out.
    for _ in 0..<16 {
      speak()
      let answers = store.advance()
      if store.link != link {
        link = store.link
        // So is what the dialling took.
        if link == .up { landlord_release_pages() }
        take(.link(store.link))
      }
      for (ticket, result) in answers {
        timers.removeAll { $0.alarm == .slow(ticket) }
        take(.answered(ticket, result))
      }
      if answers.isEmpty { return }
    }
    wake.wake()
  }

  // MARK: Doing

  private func perform(_ effects: [Effect]) {
    for effect in effects {
      switch effect {
      case .send: unsaid.append(effect)
      case .cancel(let ticket):
        unsaid.append(effect)
        verification.stop(ticket)
        intake.stop(ticket)
        timers.removeAll { $0.alarm == .slow(ticket) }
      case .wakeAfter(let milliseconds, let alarm):
        timers.append((Self.milliseconds + Int64(milliseconds), alarm))
      case .suspend: suspend()
      case .repaint: curses.repaint()
      case .migrate: migration.start()
      case .resources(let task): resources.start(task)
      case .intake(let task, let ticket): intake.start(ticket, task)
      case .verify(let tenant, let ticket): verification.start(ticket, tenant)
      case .copy(let text): if let problem = curses.copy(text) { take(.notCopied(problem.description)) }
      case .export(let name, let text): take(.exported(ExportFile.write(text, name: name)))
      case .seekDrafts: drafts?.seek()
      case .openDraft(let name): drafts?.open(name)
      case .keepDraft(let name, let text): drafts?.keep(name, text)
      case .closeDraft(let name, let removing): drafts?.close(name, removing: removing)
      case .useTheme(let theme): curses.use(theme)
      case .useMouse(let isOn): curses.mouse = isOn
      case .quit(let code, let parting): end = .ended(.quit(code, parting: parting))
      case .connect(let name): end = .ended(.connect(name))
      }
    }
  }

  /// Tells the store what was to be asked of it and given up, in that order.
  private func speak() {
    let effects = unsaid
    unsaid = []
    for effect in effects {
      if case .send(let request, let ticket) = effect { store.send(request, ticket: ticket) }
      if case .cancel(let ticket) = effect { store.cancel(ticket) }
    }
  }

  private func suspend() {
    curses.suspend()
    take(.resized(curses.size))
  }

  private func paint() {
    curses.show(app.view(curses.size))
    while app.top != paintedTop, end == nil {
      paintedTop = app.top
      // What only the screen before needed, at the start the reading of files, is not held for ever.
      landlord_release_pages()
      CrashNote.place(app.top.name)
      // What was typed while this was on its way to the terminal was not typed in answer to it.
      takeKeys()
      curses.show(app.view(curses.size))
    }
    if !curses.isBehind && curses.hold == nil { take(.painted) }
    isPainted = true
    if app.top.leadsToAChange { store.prepareToWrite() }
  }

  private static var milliseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  private static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
  }
}
