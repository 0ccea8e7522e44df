import Glibc
import TenantStore
import Terminal

/// Why the console ended.
public enum ConsoleEnd: Equatable, Sendable {
  /// The person left it: the exit code, and what is to be said on standard error.
  case quit(Int32, parting: String?)
  /// The person chose another connection, by its name: to be started anew on that.
  case connect(String)
}

/// Runs the console on this terminal until the person leaves it; answers why.
///
/// `isReadOnly`: the server is to refuse every change.
/// `migrate` brings the schema to what this program expects and answers why it could not, or nil; it is called on a thread of
/// its own, as are `verify`, `resources` and `intake`. Throws, with the terminal as it was, when the screen cannot be used. Does
/// not return when the process is told to end by a signal or the terminal is gone: it then dies of that signal, the terminal
/// restored.
public func runConsole(
  conninfo: String, isReadOnly: Bool = false, colour: ColourMode = .automatic,
  options: ConsoleOptions = ConsoleOptions(),
  migrate: @escaping @Sendable () -> String?, verify: @escaping Verify,
  resources: @escaping ResourceWork, intake: @escaping CarryOutIntake
) throws(TerminalError) -> ConsoleEnd {
  let signals = try SignalPipe()
  let wake = try WakePipe()
  let curses = try Curses(colour: colour)
  var options = options
  // Without colours every theme would look the same, and none as it should.
  if !curses.hasColours { options.themes = [ThemeOffer(.mono)] }
  let store = Store(conninfo: conninfo, isReadOnly: isReadOnly, wake: { wake.wake() })
  let loop = EventLoop(
    curses: curses, signals: signals, wake: wake, store: store, options: options, migrate: migrate,
    verify: verify, resources: resources, intake: intake)
  let end = loop.run()
  curses.close()
  CrashNote.place("")
  store.close()
  switch end {
  case .ended(let end): return end
  case .signal(let signal): SignalPipe.die(of: signal)
  }
}
