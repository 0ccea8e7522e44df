import CSignals
import Glibc

/// The terminal itself: its modes, its size, and bytes in and out. Nothing here knows what the bytes mean.
///
/// It opens the terminal anew, because `O_NONBLOCK` belongs to an open file: set on the inherited standard output it would
/// break whoever shares that, the shell first of all.
final class Device {
  let descriptor: Int32
  private let saved: termios
  private var isRaw = false
  private var unsent: ArraySlice<UInt8> = []
  private var held: HeldErrors?
  /// What leads the terminal back to how it was; sent on every way out.
  private var reset: [UInt8] = []

  /// The terminal that the process was started on.
  convenience init() throws(TerminalError) {
    guard isatty(0) == 1, isatty(1) == 1 else { throw .notATerminal }
    var path = [CChar](repeating: 0, count: 256)
    var opened: Int32 = ttyname_r(0, &path, path.count) == 0 ? open(path, Self.flags) : -1
    // The name may be out of reach (another person's terminal after su, another mount namespace); this is not.
    if opened < 0 { opened = open("/dev/tty", Self.flags) }
    try self.init(opened)
  }

  /// The terminal of that name.
  convenience init(path: String) throws(TerminalError) { try self.init(open(path, Self.flags)) }

  private static let flags = O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC

  private init(_ opened: Int32) throws(TerminalError) {
    guard opened >= 0 else { throw .system(call: "open", code: errno) }
    var modes = termios()
    guard tcgetattr(opened, &modes) == 0 else {
      let code = errno
      close(opened)
      throw .system(call: "tcgetattr", code: code)
    }
    descriptor = opened
    saved = modes
  }

  deinit { close(descriptor) }

  /// The window's size; 80x24 where the terminal does not say.
  var size: Size {
    var window = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
      return Size(columns: 80, lines: 24)
    }
    return Size(columns: Int(window.ws_col), lines: Int(window.ws_row))
  }

  /// Every key comes as it is, and nothing is echoed; `reset` will lead back. Flow control stays as the person has it.
  /// What is written to standard error from here on is kept and shown after `restore`, if it would land on the screen.
  func enter(reset: [UInt8]) {
    self.reset = reset
    var modes = saved
    modes.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INLCR | IGNCR | ISTRIP | INPCK | PARMRK)
    modes.c_oflag &= ~tcflag_t(OPOST)
    modes.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG | IEXTEN)
    withUnsafeMutableBytes(of: &modes.c_cc) { characters in
      characters[Int(VMIN)] = 1
      characters[Int(VTIME)] = 0
    }
    if held == nil { held = HeldErrors() }
    armRescue()
    tcsetattr(descriptor, TCSADRAIN, &modes)
    isRaw = true
  }

  /// Another way back, because the size has changed.
  func setReset(_ reset: [UInt8]) {
    self.reset = reset
    if isRaw { armRescue() }
  }

  private func armRescue() {
    var original = saved
    reset.withUnsafeBytes { bytes in
      landlord_rescue_arm(
        descriptor, &original, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count,
        held?.file ?? -1, held?.errors ?? -1)
    }
  }

  /// Stops the process group, as Ctrl-z does in a shell; returns when it is continued.
  func stop() { landlord_stop() }

  /// The terminal as it was before `enter`. Waits at most a second for a terminal that does not read.
  func restore() {
    guard isRaw else { return }
    isRaw = false
    // What is left of an interrupted paint: without its end the terminal might take the reset for a part of a sequence.
    unsent.append(contentsOf: reset)
    for _ in 0..<10 where !flush() {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      poll(&waiting, 1, 100)
    }
    unsent = []
    var original = saved
    // Typed ahead for us, not for the shell: FLUSH drops it.
    tcsetattr(descriptor, TCSAFLUSH, &original)
    landlord_rescue_disarm()
    held = nil
  }

  /// A former `send` is not through yet: the terminal reads slowly.
  var isBehind: Bool { !unsent.isEmpty }

  /// Sends `bytes` in one write, as far as the terminal takes them now; the rest waits for `flush`.
  func send(_ bytes: [UInt8]) {
    unsent.append(contentsOf: bytes)
    flush()
  }

  /// Sends what waits. True when nothing waits any more.
  @discardableResult
  func flush() -> Bool {
    while !unsent.isEmpty {
      let count = unsent.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        unsent.removeFirst(count)
      } else if count < 0 && errno == EINTR {
        continue
      } else if count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) {
        return false
      } else {
        // The terminal is gone; reading says so, too, and there somebody acts on it.
        unsent = []
      }
    }
    unsent = []
    return true
  }

  /// What has been typed; nil when the terminal is gone. A flood is taken in portions.
  func receive() -> [UInt8]? {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while all.count < 256 * 1024 {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count > 0 {
        all += buffer.prefix(count)
        if count < buffer.count { return all }
      } else if count < 0 && errno == EINTR {
        continue
      } else if count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) {
        return all
      } else {
        return all.isEmpty ? nil : all
      }
    }
    return all
  }
}

/// Standard error, kept away from the screen: a notice of a library, or the message of a trap, goes to a file in memory and from
/// there to the real standard error when the screen is gone.
final class HeldErrors {
  /// Where it collects.
  let file: Int32
  /// The real standard error.
  let errors: Int32

  /// Nil where standard error is not a terminal: then it disturbs nothing.
  init?() {
    guard isatty(2) == 1 else { return nil }
    let file = landlord_error_file()
    let errors = fcntl(2, F_DUPFD_CLOEXEC, 3)
    guard file >= 0, errors >= 0, dup2(file, 2) == 2 else { return nil }
    self.file = file
    self.errors = errors
  }

  deinit {
    dup2(errors, 2)
    landlord_pass_on(file, errors)
    close(file)
    close(errors)
  }
}
