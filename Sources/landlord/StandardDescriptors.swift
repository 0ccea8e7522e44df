import Glibc

/// Standard input, output and error, each open on something. Started without them, the first socket would become
/// number 0 and results would go into the next file.
enum StandardDescriptors {
  static func secure() {
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) == -1 {
      // The lowest free number is given; those below are open by now. For reading only: a result that has nowhere to go
      // must fail and not vanish.
      _ = open("/dev/null", O_RDONLY)
    }
  }
}
