import Glibc

/// Files that people take away with them.
enum ExportFile {
  /// Writes a file that was not there before, readable by its owner alone, in this process's folder; where the name is taken
  /// a number is added. A file that could not be written whole is taken away again.
  static func write(_ text: String, name: String) -> Exported {
    let (stem, ending) = parts(of: name)
    for number in 1...99 {
      let name = number == 1 ? name : "\(stem)-\(number)\(ending)"
      let file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
      if file < 0, errno == EEXIST { continue }
      guard file >= 0 else { return problem("\(name) cannot be made here") }
      defer { close(file) }
      guard OrdinaryFile.writeAll(Array(text.utf8), to: file), fsync(file) == 0 else {
        let problem = problem("\(name) cannot be written")
        unlink(name)
        return problem
      }
      return .file(folder + "/" + name)
    }
    return .problem("a hundred files of this name are there already")
  }

  private static func problem(_ what: String) -> Exported {
    .problem("\(what): \(String(cString: strerror(errno)))")
  }

  private static func parts(of name: String) -> (stem: String, ending: String) {
    guard let dot = name.lastIndex(of: ".") else { return (name, "") }
    return (String(name[..<dot]), String(name[dot...]))
  }

  private static var folder: String {
    guard let path = getcwd(nil, 0) else { return "." }
    defer { free(path) }
    return String(cString: path)
  }
}
