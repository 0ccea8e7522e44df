import Glibc

/// A draft that lies in the folder and that no console has open.
public struct LyingDraft: Equatable, Sendable {
  /// As its `DraftName` has it: whose it is can be told by that only.
  public var file: String
  public var text: String

  /// So many are looked at: a folder with more was not filled by forms.
  private static let most = 100

  /// Those that can be read, in the order of their names; what is no file of the person's own is passed over.
  static func all(in folder: String) -> [LyingDraft] {
    names(in: folder).prefix(most).compactMap { name in
      let path = folder + "/" + name
      guard !isOpen(path), let bytes = try? OrdinaryFile.read(path, most: Draft.most, isPrivate: true),
        let text = String(validating: bytes, as: UTF8.self)
      else { return nil }
      return LyingDraft(file: name, text: text)
    }
  }

  private static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      if let name, name.hasSuffix(".draft") { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Some console holds the lock of it.
  private static func isOpen(_ path: String) -> Bool {
    let lock = open(path + ".lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard lock >= 0 else { return false }
    defer { close(lock) }
    return flock(lock, LOCK_SH | LOCK_NB) != 0
  }
}
