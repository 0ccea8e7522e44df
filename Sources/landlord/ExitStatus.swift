import Glibc

/// What a command's end says to the shell that ran it. Each number means one thing, in every command.
enum ExitStatus: Int32, CaseIterable {
  /// What was asked for was done.
  case done = 0
  /// An error, or values that were refused.
  case failed = 1
  /// No such tenant, setting or catalogue entry.
  case notFound = 3
  /// The role may not do this.
  case notPermitted = 4
  /// Someone else was first: a stale version, a taken site id, a used request id, a state that refuses the transition.
  case conflict = 5
  /// A write left us, and what became of it could not be found out.
  case unknown = 6
  /// Timed out or cancelled; nothing was changed.
  case timedOut = 7
  /// A check failed: something is not as it should be, and the output says what.
  case checkFailed = 8
  /// The command line itself is wrong; nothing was tried.
  case usage = 64

  /// For help and the manual.
  var words: String {
    switch self {
    case .done: "done"
    case .failed: "error or refused values"
    case .notFound: "not found"
    case .notPermitted: "not permitted"
    case .conflict: "conflict"
    case .unknown: "outcome unknown"
    case .timedOut: "timed out or cancelled"
    case .checkFailed: "a check failed"
    case .usage: "usage"
    }
  }
}

/// Why a command ends without having done its work, in words for the person who typed it.
struct Failure: Error, Equatable {
  var status: ExitStatus
  /// What failed, on what, and what to do now. May hold text from a server: it is cleaned where it is printed.
  var message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }

  init(_ message: String) { self.init(.failed, message) }

  /// What the system said about its last call, such as "No such file or directory".
  static func system(_ what: String, _ code: Int32 = errno) -> Failure {
    Failure("\(what): \(String(cString: strerror(code)))")
  }
}
