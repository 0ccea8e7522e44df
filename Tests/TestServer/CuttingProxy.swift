import Glibc
import Synchronization

/// A line between a client and the server that can be cut at a chosen moment, or frozen: for tests of what a loss means.
///
/// It listens at a socket of its own and passes bytes both ways. A cut is planned for the next message of a client that
/// holds a given text, so that the statement under test is hit and no other, or for the n-th message from now on.
public final class CuttingProxy: Sendable {
  /// When the line goes, seen from the message that holds the text.
  public enum Cut: Sendable, CaseIterable {
    /// The server never gets the message.
    case beforeServer
    /// The server gets it; the line is gone before it has answered.
    case whileRunning
    /// The server has answered; the client gets to see the first half of it.
    case withinAnswer
    /// The server has answered; the client does not get to see it.
    case beforeClient
    /// The client gets the answer, then the line goes.
    case afterAnswer
  }
  /// `host` in a connection string.
  public let directory: String
  private let listener: Int32
  private let upstream: String
  private let state = Mutex(State())

  private struct State {
    var plan: [(cut: Cut, text: [UInt8])] = []
    /// What happens to the message before which so many others come.
    var counted: (cut: Cut, others: Int)?
    var pairs: [Pair] = []
    var isFrozen = false
    /// The next message that holds this is the last whose answer is let through, and it is not.
    var swallowed: [UInt8]?

    mutating func cut(for bytes: [UInt8]) -> Cut? {
      if let (cut, others) = counted {
        counted = others > 0 ? (cut, others - 1) : nil
        if others == 0 { return cut }
      }
      guard let first = plan.first, CuttingProxy.holds(bytes, first.text) else { return nil }
      return plan.removeFirst().cut
    }
  }

  /// Both ends of a line.
  private final class Pair: Sendable {
    let client: Int32
    let server: Int32
    let cutAtAnswer = Mutex<Cut?>(nil)
    let swallowsAnswers = Mutex(false)

    init(client: Int32, server: Int32) {
      self.client = client
      self.server = server
    }

    deinit {
      close(client)
      close(server)
    }

    func cut() {
      shutdown(client, Int32(SHUT_RDWR))
      shutdown(server, Int32(SHUT_RDWR))
    }
  }

  public init(to server: TestServer) {
    var template = Array("/tmp/llx-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { TestServer.stop("cannot make a directory in /tmp") }
    directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    upstream = server.directory + "/.s.PGSQL.5432"
    listener = Self.stream()
    let bound = Self.withAddress(directory + "/.s.PGSQL.5432") { [listener] in bind(listener, $0, $1) }
    precondition(bound == 0 && listen(listener, 16) == 0, "the proxy cannot listen")
    TestServer.thread { [listener, upstream, weak self] in
      while true {
        let client = accept(listener, nil, nil)
        if client < 0 { return }
        let server = Self.stream()
        guard Self.withAddress(upstream, { connect(server, $0, $1) }) == 0, let self else {
          close(client)
          close(server)
          return
        }
        self.serve(Pair(client: client, server: server))
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
    unlink(directory + "/.s.PGSQL.5432")
    rmdir(directory)
  }

  /// Plans a cut for the next message that holds `text`. Plans are used up in order.
  public func cut(_ cut: Cut, at text: String) {
    state.withLock { $0.plan.append((cut, Array(text.utf8))) }
  }

  /// Plans a cut for the `number`-th message from now on, from 1, on whatever line it comes.
  public func cut(_ cut: Cut, atMessage number: Int) {
    precondition(number > 0, "messages are counted from 1")
    state.withLock { $0.counted = (cut, number - 1) }
  }

  /// Whether the message that was counted to has come.
  public var hasCounted: Bool { state.withLock { $0.counted == nil } }

  /// From the next message on that holds `text` its line stays up and brings no answer any more.
  public func swallow(at text: String) { state.withLock { $0.swallowed = Array(text.utf8) } }

  /// Nothing passes either way until it is set again. Lines are still accepted, as by a server that says nothing.
  public var isFrozen: Bool {
    get { state.withLock { $0.isFrozen } }
    set { state.withLock { $0.isFrozen = newValue } }
  }

  /// Cuts every line there is, at rest or not.
  public func cutAll() {
    let pairs = state.withLock { state in
      defer { state.pairs = [] }
      return state.pairs
    }
    for pair in pairs { pair.cut() }
  }

  private func serve(_ pair: Pair) {
    state.withLock { $0.pairs.append(pair) }
    TestServer.thread { [weak self] in
      Self.pass(from: pair.client, pair) {
        self?.waitForThaw()
        return self?.toServer($0, pair) ?? false
      }
    }
    TestServer.thread { [weak self] in
      Self.pass(from: pair.server, pair) {
        self?.waitForThaw()
        return pair.swallowsAnswers.withLock { $0 } || Self.toClient($0, pair)
      }
    }
  }

  private func waitForThaw() { while isFrozen { usleep(2_000) } }

  private static func pass(from end: Int32, _ pair: Pair, _ forward: ([UInt8]) -> Bool) {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(end, &buffer, buffer.count)
      if count <= 0 || !forward(Array(buffer[..<count])) { return pair.cut() }
    }
  }

  private func toServer(_ bytes: [UInt8], _ pair: Pair) -> Bool {
    let cut = state.withLock { state -> Cut? in
      if let text = state.swallowed, Self.holds(bytes, text) {
        state.swallowed = nil
        pair.swallowsAnswers.withLock { $0 = true }
      }
      return state.cut(for: bytes)
    }
    switch cut {
    case nil: return Self.send(bytes, to: pair.server)
    case .beforeServer: return false
    case .whileRunning:
      // However fast the answer comes, it does not get through.
      pair.cutAtAnswer.withLock { $0 = .beforeClient }
      _ = Self.send(bytes, to: pair.server)
      return false
    case .withinAnswer, .beforeClient, .afterAnswer:
      pair.cutAtAnswer.withLock { $0 = cut }
      return Self.send(bytes, to: pair.server)
    }
  }

  private static func toClient(_ bytes: [UInt8], _ pair: Pair) -> Bool {
    switch pair.cutAtAnswer.withLock({ $0 }) {
    case .beforeClient: return false
    case .withinAnswer:
      _ = send(Array(bytes[..<(bytes.count / 2)]), to: pair.client)
      return false
    case .afterAnswer:
      // An answer may come in parts; it ends with "ready for query". Source: PostgreSQL manual, 55.7: 'Z', length 5, status.
      return send(bytes, to: pair.client) && !bytes.suffix(6).starts(with: [UInt8(ascii: "Z"), 0, 0, 0, 5])
    case nil, .beforeServer, .whileRunning: return send(bytes, to: pair.client)
    }
  }

  private static func holds(_ bytes: [UInt8], _ text: [UInt8]) -> Bool {
    guard bytes.count >= text.count else { return false }
    return (0...bytes.count - text.count).contains { bytes[$0...].starts(with: text) }
  }

  private static func send(_ bytes: [UInt8], to end: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(end, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  private static func stream() -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }

  private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32)
    -> Int32
  {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
