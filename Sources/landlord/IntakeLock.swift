import Glibc

/// Keeps others of landlord's from working with the same file of results, until it is let go of or the process is gone: two at once
/// would plan ids and secrets of their own, and the later file would cover the earlier.
///
/// By a file beside it, which is gone with the lock: the results themselves are another file with each write. flock's and not
/// fcntl's as `FileLock`, so that two of one console exclude each other too.
final class IntakeLock {
  private let path: String
  private let descriptor: Int32

  init(_ results: ResultsFile) throws(Failure) {
    // Ours once all is well: `deinit` also ends what is whole and then fails, and would take the other's lock away.
    let path = results.path + ".lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else { throw .system("cannot make \(path)") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, Self.isThere(descriptor, path) else {
      close(descriptor)
      throw Failure(
        .conflict, "somebody else works with \(results.path) just now; try again when they are done")
    }
    (self.path, self.descriptor) = (path, descriptor)
  }

  /// It is still the one at its path, and not what somebody who is just done has taken away.
  private static func isThere(_ descriptor: Int32, _ path: String) -> Bool {
    var ours = stat()
    var now = stat()
    return fstat(descriptor, &ours) == 0 && lstat(path, &now) == 0 && ours.st_ino == now.st_ino
  }

  deinit {
    unlink(path)
    close(descriptor)
  }
}
