import Glibc

/// A real program in a terminal, driven as a person would: type, look, wait.
final class Program {
  /// What it has shown so far.
  let screen: VirtualTerminal
  /// All bytes it has written.
  private(set) var received = 0
  /// Those bytes, as far as they were taken.
  private(set) var heard: [UInt8] = []
  /// The last of them, for a failure that no picture explains.
  var tail: ArraySlice<UInt8> { heard.suffix(300) }
  /// Seconds after which what does not come never will: longer than anything takes on a machine that is busy with much else.
  static let patience = 60.0
  private let terminal: PseudoTerminal
  private let modesBefore: [UInt32]

  /// Starts `arguments` in a fresh terminal. `environment` is all the program gets, besides PATH, TERM, HOME and LANG, which
  /// it may also replace. What it writes into the folder that it is in goes to `folder`.
  init(
    _ arguments: [String], environment: [String: String] = [:], in folder: String = "/tmp", lines: Int = 24,
    columns: Int = 80
  ) throws(Failure) {
    screen = VirtualTerminal(lines: lines, columns: columns)
    terminal = try PseudoTerminal(lines: lines, columns: columns)
    modesBefore = terminal.modes
    var usual = [
      "PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "HOME": "/nonexistent", "LANG": "C.UTF-8",
      // The runtime's own report of a crash would wait for a person for half a minute.
      "SWIFT_BACKTRACE": "enable=no",
    ]
    // Else the coverage of the program would be lost, and left lying about.
    if let profile = getenv("LLVM_PROFILE_FILE") { usual["LLVM_PROFILE_FILE"] = String(cString: profile) }
    // Swift's Glibc does not show what would start it there.
    try terminal.start(
      ["/usr/bin/env", "-C", folder] + arguments, environment: usual.merging(environment) { $1 })
  }

  var process: pid_t { terminal.process }

  /// Types `keys`: text as it is, and keys by their names in angle brackets, such as "<Down>" or "<C-z>" (see `Keyboard`).
  func type(_ keys: String) { terminal.write(Keyboard.bytes(keys)) }

  /// Types `keys` as one who has read the screen does: a confirming key that comes faster than that is not taken.
  func answer(_ keys: String) {
    settle(milliseconds: 100)
    type(keys)
  }

  /// Types bytes as they are.
  func type(bytes: [UInt8]) { terminal.write(bytes) }

  func resize(lines: Int, columns: Int) {
    screen.resize(lines: lines, columns: columns)
    terminal.resize(lines: lines, columns: columns)
  }

  /// Takes the terminal away; answers how the program ended, nil if it lives on.
  func hangUp(seconds: Double = patience) -> Ending? {
    terminal.hangUp()
    return terminal.wait(seconds: seconds)
  }

  func send(signal: Int32) { kill(terminal.process, signal) }

  /// It has ended and left its memory in a file.
  var hasDumpedCore: Bool { terminal.hasDumpedCore }

  /// How it ended, though nobody reads what it writes; nil if it has not after that time.
  func endUnread(seconds: Double) -> Ending? { terminal.wait(seconds: seconds) }

  /// What it holds of memory, in KiB.
  var memory: Int {
    guard let file = fopen("/proc/\(process)/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
      let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        .split(whereSeparator: \.isWhitespace)
      if words.first == "VmRSS:", words.count > 1 { return Int(words[1]) ?? 0 }
    }
    return 0
  }

  /// How many descriptors it has open.
  var descriptors: Int {
    guard let folder = opendir("/proc/\(process)/fd") else { return 0 }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    return count - 2
  }

  /// Waits until the screen holds `text`; fails with the screen when it does not come.
  func wait(for text: String, seconds: Double = patience) throws(Failure) {
    try wait(until: { $0.text.contains(text) }, seconds: seconds, what: "\"\(text)\"")
  }

  /// Waits until the screen does not hold `text` any more.
  func wait(without text: String, seconds: Double = patience) throws(Failure) {
    try wait(until: { !$0.text.contains(text) }, seconds: seconds, what: "\"\(text)\" gone")
  }

  /// Waits until `condition` holds of the screen.
  func wait(
    until condition: (VirtualTerminal) -> Bool, seconds: Double = patience, what: String
  ) throws(Failure) {
    let deadline = PseudoTerminal.now + seconds
    while true {
      // All that has come is taken before a look: half a paint is no picture.
      while take(milliseconds: 0) {}
      if condition(screen) { return }
      let left = deadline - PseudoTerminal.now
      if left <= 0 { throw failure("waited \(seconds) s for \(what)") }
      _ = take(milliseconds: min(50, Int(left * 1000) + 1))
      if terminal.wait(seconds: 0) != nil {
        while take(milliseconds: 20) {}
        if condition(screen) { return }
        throw failure("the program ended before \(what)")
      }
    }
  }

  /// Takes all that comes until the program has read every key, waits, and says nothing for that long. Silence alone does not
  /// tell: on a busy machine the program may not have had its turn yet. Answers how many bytes came.
  @discardableResult
  func settle(milliseconds: Int = 200) -> Int {
    let before = received
    let deadline = PseudoTerminal.now + Self.patience
    while true {
      let isAtRest = terminal.isAtRest || PseudoTerminal.now > deadline
      if !take(milliseconds: milliseconds), isAtRest { return received - before }
    }
  }

  /// Waits for the end, and takes what was written until then.
  func waitForEnd(seconds: Double = patience) throws(Failure) -> Ending {
    let deadline = PseudoTerminal.now + seconds
    while PseudoTerminal.now < deadline {
      _ = take(milliseconds: 10)
      if let ending = terminal.wait(seconds: 0) {
        while take(milliseconds: 20) {}
        return ending
      }
    }
    throw failure("still running after \(seconds) s")
  }

  /// Echo, signals and translation are what they were before the program started.
  var lineModesAreRestored: Bool { terminal.modes == modesBefore }

  /// `message`, and what can be seen.
  func failure(_ message: String) -> Failure {
    let bar = String(repeating: "-", count: screen.columns)
    let escaped = String(decoding: tail, as: UTF8.self).unicodeScalars.map { scalar in
      scalar.value < 0x20 ? "\\x" + String(scalar.value, radix: 16) : String(Character(scalar))
    }
    return Failure(
      """
      \(message)
      \(bar)
      \(screen.text)
      \(bar)
      cursor \(screen.cursor), modes \(screen.modes), \(received) bytes, the last: \(escaped.joined())
      """)
  }

  /// Takes what has come, but no more than so many bytes, as a slow line does.
  func take(atMost count: Int) { _ = take(milliseconds: 0, atMost: count) }

  private func take(milliseconds: Int, atMost count: Int = 65_536) -> Bool {
    let bytes = terminal.read(milliseconds: milliseconds, atMost: count)
    if bytes.isEmpty { return false }
    received += bytes.count
    heard += bytes
    let answer = screen.write(bytes)
    if !answer.isEmpty { terminal.write(answer) }
    return true
  }
}
