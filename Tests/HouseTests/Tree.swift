import Glibc

/// The source tree that this test was built from.
enum Tree {
  /// The folder that holds Package.swift, without a slash at the end.
  static let root: String = {
    // …/Tests/HouseTests/Tree.swift
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }()

  /// The names in a folder, sorted; without "." and "..". Empty where there is no such folder.
  static func names(in folder: String) -> [String] {
    guard let directory = opendir(root + "/" + folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The paths of all files below a folder, from the root, sorted.
  static func files(below folder: String, ending: String = "") -> [String] {
    names(in: folder).flatMap { name -> [String] in
      let path = folder + "/" + name
      return isFolder(path) ? files(below: path, ending: ending) : name.hasSuffix(ending) ? [path] : []
    }
  }

  static func isFolder(_ path: String) -> Bool { mode(path) & S_IFMT == S_IFDIR }

  static func isExecutable(_ path: String) -> Bool { mode(path) & S_IXUSR != 0 }

  private static func mode(_ path: String) -> mode_t {
    var status = stat()
    return lstat(root + "/" + path, &status) == 0 ? status.st_mode : 0
  }

  static func text(_ path: String) -> String {
    guard let file = fopen(root + "/" + path, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer.prefix(count) }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func lines(_ path: String) -> [Substring] {
    let lines = text(path).split(separator: "\n", omittingEmptySubsequences: false)
    return lines.last == "" ? lines.dropLast() : lines
  }

  /// The modules a file imports: `@testable import struct A.B` imports A.
  static func imports(_ path: String) -> Set<String> {
    var modules = Set<String>()
    for line in lines(path) {
      let words = line.split { $0 == " " || $0 == ";" }
      guard let place = words.firstIndex(of: "import"), words[..<place].allSatisfy(isModifier) else {
        continue
      }
      let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
      if let module = words[(place + 1)...].first(where: { !kinds.contains($0) }) {
        modules.insert(String(module.prefix { $0 != "." }))
      }
    }
    return modules
  }

  private static func isModifier(_ word: Substring) -> Bool {
    word.hasPrefix("@") || ["public", "package", "internal", "fileprivate", "private"].contains(word)
  }
}
