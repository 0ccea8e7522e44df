import Glibc

/// Wakes the loop from another thread: the thread puts its result where the loop finds it, then calls `wake`.
public final class WakePipe: Sendable {
  private let pipe: NonblockingPipe

  public init() throws(TerminalError) { pipe = try NonblockingPipe() }

  /// Readable after `wake`, until `clear`.
  public var descriptor: Int32 { pipe.reading }

  /// Makes `descriptor` readable. From any thread, any number of times; never blocks.
  public func wake() {
    var byte: UInt8 = 1
    // A full pipe is readable already.
    _ = write(pipe.writing, &byte, 1)
  }

  /// Takes back all wake-ups so far. Called before the results are looked at, so that none is missed.
  public func clear() { _ = pipe.drain() }
}

/// A pipe of which neither end blocks or survives an exec.
final class NonblockingPipe: Sendable {
  let reading: Int32
  let writing: Int32

  init() throws(TerminalError) {
    var ends: [Int32] = [-1, -1]
    // Not pipe2, which Glibc's module does not show: a program started by another thread between these calls would
    // inherit the ends, which harms no one.
    if pipe(&ends) != 0 { throw .system(call: "pipe", code: errno) }
    reading = ends[0]
    writing = ends[1]
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
  }

  deinit {
    close(reading)
    close(writing)
  }

  /// All bytes that are in it now.
  func drain() -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 512)
    while true {
      let count = read(reading, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return all }
      all += buffer.prefix(count)
    }
  }
}
