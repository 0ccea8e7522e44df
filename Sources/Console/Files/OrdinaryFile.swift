import Glibc

/// Files of the person's: read whole, and replaced whole.
public enum OrdinaryFile {
  /// Why a file could not be read or written, in words that name it.
  public struct Problem: Error, Equatable, Sendable {
    public var words: String

    init(_ words: String) { self.words = words }
    init(system words: String) { self.words = "\(words): \(String(cString: strerror(errno)))" }
  }

  /// All of it; nil where there is nothing of this name. What is something else than an ordinary file (a folder, a pipe that nobody
  /// writes to) or longer than `most` bytes is refused and never waited for; `isPrivate` refuses a symbolic link too, and what
  /// others may read.
  public static func read(_ path: String, most: Int, isPrivate: Bool = false) throws(Problem) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (isPrivate ? O_NOFOLLOW : 0))
    if file < 0 && (errno == ENOENT || errno == ENOTDIR) { return nil }
    guard file >= 0 else { throw Problem(system: "cannot read \(path)") }
    defer { close(file) }
    var facts = stat()
    guard fstat(file, &facts) == 0 else { throw Problem(system: "cannot read \(path)") }
    guard facts.st_mode & S_IFMT == S_IFREG else { throw Problem("\(path) is no ordinary file") }
    guard facts.st_size <= most else { throw Problem("\(path) is longer than \(most >> 10) KiB") }
    if isPrivate, facts.st_mode & 0o077 != 0 {
      throw Problem("\(path) may be read by others; chmod 600 if it is yours")
    }
    return try readAll(file, path, most: most)
  }

  private static func readAll(_ file: Int32, _ path: String, most: Int) throws(Problem) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Problem(system: "cannot read \(path)") }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      // It may grow while it is read.
      guard bytes.count <= most else { throw Problem("\(path) is longer than \(most >> 10) KiB") }
    }
  }

  /// Puts a file that only its owner can read in the place of what is there, whole or not at all: a crash leaves one or the other.
  public static func replace(_ path: String, with bytes: [UInt8]) throws(Problem) {
    let draft = "\(path).\(getpid())"
    unlink(draft)
    let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw Problem(system: "cannot make \(draft)") }
    let isWhole = writeAll(bytes, to: file) && fsync(file) == 0
    close(file)
    guard isWhole, rename(draft, path) == 0 else {
      let problem = Problem(system: "cannot write \(path)")
      unlink(draft)
      throw problem
    }
  }

  /// False: not all of it, and errno says why.
  static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
