import Glibc

/// The program as people run it: a process of its own, found beside the tests.
enum Program {
  struct Outcome: Equatable {
    var output: String
    var errors: String
    /// The exit code; 128 and the signal's number where a signal ended it.
    var status: Int32
  }

  /// The folder that the build made.
  static let folder: String = {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &path, path.count)
    let bytes = path.prefix(max(0, count)).map(UInt8.init(bitPattern:))
    return String(decoding: bytes[..<(bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0)], as: UTF8.self)
  }()

  /// Runs `landlord ARGUMENTS` to its end. Nothing of the environment reaches it but what is named here.
  static func run(_ arguments: [String], _ environment: [String: String] = [:], input: String = "") -> Outcome
  {
    finish(start([folder + "/landlord"] + arguments, environment, input: input))
  }

  /// Runs a line of shell in which `landlord` is the program.
  static func shell(_ line: String, _ environment: [String: String] = [:]) -> Outcome {
    let script = "landlord() { \"\(folder)/landlord\" \"$@\"; }; \(line)"
    return finish(start(["/bin/bash", "-o", "pipefail", "-c", script], environment, input: ""))
  }

  struct Running {
    var process: pid_t
    fileprivate var output: String
    fileprivate var errors: String
  }

  static func start(_ arguments: [String], _ environment: [String: String], input: String) -> Running {
    let output = temporaryFile("")
    let errors = temporaryFile("")
    let source = temporaryFile(input)
    defer { unlink(source) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, source, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY, 0)
    var settings = [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "SWIFT_BACKTRACE": "enable=no",
    ]
    // Else the coverage of these processes would be lost, and left lying about.
    for name in ["LLVM_PROFILE_FILE"] { getenv(name).map { settings[name] = String(cString: $0) } }
    settings.merge(environment) { $1 }
    let words = arguments.map { strdup($0) } + [nil]
    let variables = settings.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var child: pid_t = 0
    guard posix_spawn(&child, arguments[0], &actions, nil, words, variables) == 0 else {
      fatalError("cannot run \(arguments[0])")
    }
    return Running(process: child, output: output, errors: errors)
  }

  static func finish(_ running: Running) -> Outcome {
    var status: Int32 = 0
    while waitpid(running.process, &status, 0) < 0 && errno == EINTR {}
    defer {
      unlink(running.output)
      unlink(running.errors)
    }
    let code = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    return Outcome(output: text(of: running.output), errors: text(of: running.errors), status: code)
  }

  private static func temporaryFile(_ text: String) -> String {
    var path = Array("/tmp/landlord-test-XXXXXX".utf8CString)
    let file = mkstemp(&path)
    guard file >= 0 else { fatalError("cannot make a file in /tmp") }
    defer { close(file) }
    let bytes = Array(text.utf8)
    precondition(write(file, bytes, bytes.count) == bytes.count)
    return String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  static func text(of path: String) -> String {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(file, &buffer, buffer.count)
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }
}
