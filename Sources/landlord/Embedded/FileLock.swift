import Glibc

/// A lock on a whole file between processes. It falls when it is given up or its process ends, however it ends, and no
/// child inherits it (which is why it is fcntl's and not flock's, which children share). A process must open a file once
/// only: closing any descriptor of it gives the lock up.
struct FileLock: ~Copyable {
  enum Kind {
    /// Any number may hold it at once.
    case shared
    /// Nobody else holds any.
    case exclusive

    fileprivate var type: Int16 { Int16(self == .shared ? F_RDLCK : F_WRLCK) }
  }
  let descriptor: Int32

  /// Opens the file, making it where it is absent; takes nothing yet.
  init(_ path: String) throws(Failure) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .system("cannot open \(path)") }
  }

  deinit { close(descriptor) }

  /// Waits until it is ours.
  func take(_ kind: Kind) throws(Failure) {
    var lock = request(kind.type)
    while fcntl(descriptor, F_SETLKW, &lock) != 0 {
      if errno != EINTR { throw .system("cannot lock a file") }
    }
  }

  /// Takes it if nobody is in the way.
  func takeAtOnce(_ kind: Kind) -> Bool {
    var lock = request(kind.type)
    return fcntl(descriptor, F_SETLK, &lock) == 0
  }

  func giveUp() {
    var lock = request(Int16(F_UNLCK))
    _ = fcntl(descriptor, F_SETLK, &lock)
  }

  /// A process that holds it in a way that `kind` would have to wait for; nil where there is none. Takes nothing.
  func holder(against kind: Kind) -> pid_t? {
    var lock = request(kind.type)
    guard fcntl(descriptor, F_GETLK, &lock) == 0, lock.l_type != F_UNLCK else { return nil }
    return lock.l_pid
  }

  private func request(_ type: Int16) -> flock {
    var lock = flock()
    lock.l_type = type
    lock.l_whence = Int16(SEEK_SET)
    return lock
  }
}
