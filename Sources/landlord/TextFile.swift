import Glibc

/// Small files as text.
enum TextFile {
  /// The first 64 KiB; nil where it cannot be read.
  static func contents(of path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { return nil }
    defer { close(file) }
    return read(file)
  }

  /// All of an ordinary file of at most 64 KiB; nil where there is nothing. What is something else (a folder, a pipe that
  /// nobody writes to) or larger is refused by name and never waited for.
  static func ordinary(_ path: String) throws(Failure) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if file < 0 && (errno == ENOENT || errno == ENOTDIR) { return nil }
    guard file >= 0 else { throw .system("cannot read \(path)") }
    defer { close(file) }
    var facts = stat()
    guard fstat(file, &facts) == 0 else { throw .system("cannot read \(path)") }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw Failure("\(path) is no ordinary file, so it is left out")
    }
    guard facts.st_size <= 1 << 16 else { throw Failure("\(path) is larger than 64 KiB, so it is left out") }
    return read(file)
  }

  /// The last lines, at most 2,000 bytes.
  static func tail(of path: String) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { return "" }
    defer { close(file) }
    if lseek(file, -2000, SEEK_END) > 0 { return read(file).drop { $0 != "\n" }.dropFirst().description }
    lseek(file, 0, SEEK_SET)
    return read(file)
  }

  /// Where a symbolic link points to; nil where it is none.
  static func target(of path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = buffer.withUnsafeMutableBytes {
      readlink(path, $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
    }
    return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
  }

  /// Replaces the file's contents, or adds to them; `mode` is for a file that is made.
  static func write(_ text: String, to path: String, adding: Bool = false, mode: mode_t = 0o600)
    throws(Failure)
  {
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (adding ? O_APPEND : O_TRUNC)
    let file = open(path, flags, mode)
    guard file >= 0 else { throw .system("cannot write \(path)") }
    defer { close(file) }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      guard count > 0 else { throw .system("cannot write \(path)") }
      bytes = bytes.dropFirst(count)
    }
  }

  /// What comes from a descriptor until its end, at most 64 KiB.
  static func read(_ descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var length = 0
    while length < buffer.count {
      let count = buffer[length...].withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      length += count
    }
    return String(decoding: buffer.prefix(length), as: UTF8.self)
  }
}
