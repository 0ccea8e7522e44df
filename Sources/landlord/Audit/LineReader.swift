import Glibc

/// A file's lines one after the other, of which only some are ever held.
struct LineReader: ~Copyable {
  private let path: String
  private let file: Int32
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false
  /// Whether the last line that was read had no end: the file broke off in it.
  private(set) var isBrokenOff = false

  /// A line may be so long and no longer.
  private static let longest = 1 << 24

  /// Nil where there is no such file.
  init?(_ path: String) throws(Failure) {
    file = open(path, O_RDONLY | O_CLOEXEC)
    self.path = path
    if file < 0 {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw .system("cannot read \(path)")
    }
  }

  deinit { close(file) }

  /// The bytes of the next line without its end; nil after the last.
  mutating func nextBytes() throws(Failure) -> ArraySlice<UInt8>? {
    while true {
      if let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { start = end + 1 }
        return buffer[start..<end]
      }
      if isAtEnd {
        guard start < buffer.count else { return nil }
        isBrokenOff = true
        defer { start = buffer.count }
        return buffer[start...]
      }
      try fill()
    }
  }

  /// As text; bytes that are no UTF-8 become U+FFFD.
  mutating func next() throws(Failure) -> String? {
    try nextBytes().map { String(decoding: $0, as: UTF8.self) }
  }

  private mutating func fill() throws(Failure) {
    buffer.removeSubrange(..<start)
    start = 0
    if buffer.count > Self.longest { throw Failure("\(path) has a line longer than 16 MiB") }
    let filled = buffer.count
    let step = 1 << 16
    buffer.append(contentsOf: repeatElement(0, count: step))
    var count = 0
    repeat {
      count = buffer[filled...].withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, step) }
    } while count < 0 && errno == EINTR
    buffer.removeLast(step - max(0, count))
    if count < 0 { throw .system("cannot read \(path)") }
    isAtEnd = count == 0
  }
}
