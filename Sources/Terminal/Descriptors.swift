import Glibc

/// The standard descriptors 0 to 2.
public enum Descriptors {
  /// Opens /dev/null for each of the descriptors 0 to 2 that is closed. Called before anything else opens a file or a socket:
  /// the next descriptor opened would become standard output, and the screen's text would land in it.
  public static func secure() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
      // The lowest free number is what open gives: this one, since all below are open by now.
      if open("/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY) != descriptor { abort() }
    }
  }
}
