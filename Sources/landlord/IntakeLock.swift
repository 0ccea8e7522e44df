import Glibc

/// Keeps others of landlord's from working with a file of tenants, until it is let go of or the process is gone. flock's and not
/// fcntl's as `FileLock`: the file need not be writable, and is opened and closed by who reads it meanwhile.
final class IntakeLock {
  private let descriptor: Int32

  /// Nil: it cannot be opened, and whoever reads it will say why. Fails where somebody else holds it.
  init?(_ path: String) throws(Failure) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw Failure(.conflict, "somebody else works with \(path) just now; try again when they are done")
    }
  }

  deinit { close(descriptor) }
}
