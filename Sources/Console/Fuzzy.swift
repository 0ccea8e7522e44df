/// How well a text fits what was typed of it.
enum Fuzzy {
  /// Higher is better; nil where the typed letters are not all there in their order. Letters that begin a word, or follow
  /// each other, count for more; of two that fit alike the shorter text is better. Upper and lower case are the same.
  static func score(_ typed: String, in text: String) -> Int? {
    let wanted = Array(typed.lowercased().unicodeScalars.filter { $0 != " " })
    let letters = Array(text.lowercased().unicodeScalars)
    guard !wanted.isEmpty else { return 0 }
    // All the work below is for each letter wanted: thousands of them, which a paste brings, fit nothing.
    guard wanted.count <= letters.count else { return nil }
    // The best score of the first letters wanted that ends at each letter of the text.
    var best = [Int?](repeating: nil, count: letters.count)
    for (place, letter) in wanted.enumerated() {
      var next = [Int?](repeating: nil, count: letters.count)
      var before: Int?
      for at in letters.indices {
        if at > 1, let earlier = best[at - 2] { before = max(before ?? earlier, earlier) }
        guard letters[at] == letter else { continue }
        let own = beginsWord(at, letters) ? 8 : 1
        if place == 0 {
          next[at] = own
        } else {
          let adjacent = at > 0 ? best[at - 1].map { $0 + own + 5 } : nil
          next[at] = [adjacent, before.map { $0 + own }].compactMap { $0 }.max()
        }
      }
      best = next
    }
    return best.compactMap { $0 }.max().map { $0 * 16 - min(letters.count, 255) / 16 }
  }

  private static func beginsWord(_ place: Int, _ letters: [Unicode.Scalar]) -> Bool {
    guard place > 0 else { return true }
    let before = letters[place - 1].properties
    return !before.isAlphabetic && before.numericType == nil
  }
}
