import Terminal

/// Keys written as people say them: plain characters, and names in angle brackets, "<Down>x<Ctrl-o>". "<lt>" is "<".
func keys(_ script: String) -> [Key] {
  var keys: [Key] = []
  var rest = Substring(script)
  while let first = rest.unicodeScalars.first {
    if first == "<", let end = rest.firstIndex(of: ">") {
      keys.append(named(String(rest[rest.index(after: rest.startIndex)..<end])))
      rest = rest[rest.index(after: end)...]
    } else {
      keys.append(.character(first))
      rest = Substring(rest.unicodeScalars.dropFirst())
    }
  }
  return keys
}

private func named(_ name: String) -> Key {
  let names: [String: Key] = [
    "Enter": .enter, "Tab": .tab, "S-Tab": .backTab, "Esc": .escape, "BS": .backspace, "Del": .delete,
    "Ins": .insert,
    "Up": .up, "Down": .down, "Left": .left, "Right": .right, "Home": .home, "End": .end, "PgUp": .pageUp,
    "PgDn": .pageDown, "Space": .character(" "), "lt": .character("<"),
  ]
  if let key = names[name] { return key }
  if name.hasPrefix("Ctrl-"), let letter = name.last { return .control(letter) }
  if name.hasPrefix("F"), let number = Int(name.dropFirst()) { return .function(number) }
  preconditionFailure("the script names a key nobody has: \(name)")
}
