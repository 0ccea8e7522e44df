import Glibc
import TestServer

/// A machine on which looking up a name never ends: its list of hosts is a pipe that nobody writes into.
final class HangingHosts {
  private let pipe: String

  init() {
    var template = Array("/tmp/llh-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "cannot make a directory in /tmp")
    pipe = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self) + "/hosts"
    precondition(mkfifo(pipe, 0o644) == 0, "cannot make a pipe")
  }

  deinit {
    unlink(pipe)
    rmdir(String(pipe.dropLast("/hosts".count)))
  }

  /// What to put before the program that lives there.
  var prefix: [String] { OwnMounts.prefix("mount --bind \(pipe) /etc/hosts") }
}
