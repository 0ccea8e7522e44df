import TenantStore
import Terminal

/// How to get on the command line, and from the server itself, what a screen shows.
struct Explanation: Sendable {
  var command: String
  /// What it asked for; only reads.
  var requests: [Request]

  var page: PageScreen {
    var lines = [
      Line(" The same on the command line", .heading), Line(), Line(SafeText("   " + command)), Line(),
    ]
    var clippings = [Clipping(name: "command line", text: command)]
    for request in requests {
      let sql = request.sql
      lines += [Line(" The SQL behind it", .heading), Line()]
      // A text has no line feeds once it is clean: each line of the statement is one of its own.
      lines += sql.split(separator: "\n", omittingEmptySubsequences: false).map {
        Line(SafeText("   " + $0))
      }
      lines.append(Line())
      clippings.append(Clipping(name: "SQL", text: sql))
    }
    return PageScreen(lines, clippings: clippings)
  }
}
