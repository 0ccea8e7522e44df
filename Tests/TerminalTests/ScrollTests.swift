import Testing

@testable import Terminal

@Suite("Lines that move as a whole")
struct ScrollTests {
  private static func lines(_ texts: String) -> [Line] {
    texts.map { $0 == " " ? Line() : Line(SafeText(String($0))) }
  }

  @Test func aListThatScrolledIsMovedAndNotDrawn() {
    let old = Self.lines("Habcdefgh=")
    let up = Self.lines("Hbcdefghi=")
    let scroll = Scroll(from: old, to: up)
    #expect(scroll?.rows == 1...8 && scroll?.lines == 1)
    #expect(scroll?.applied(to: old) == Self.lines("Hbcdefgh ="))
    let back = Scroll(from: up, to: old)
    #expect(back?.rows == 1...8 && back?.lines == -1)
    #expect(back?.applied(to: up) == Self.lines("H bcdefgh="))
  }

  @Test(arguments: [
    ("abcdefgh", "abcdefgh"), ("abcdefgh", "abXdYfgh"), ("abcdefgh", "ijklmnop"), ("abc", "bcd"),
  ])
  func whatDidNotMoveIsDrawn(_ old: String, _ new: String) {
    #expect(Scroll(from: Self.lines(old), to: Self.lines(new)) == nil)
  }

  @Test func aLineThatChangedOnTheWayIsNoHindrance() {
    let old = Self.lines("abcdefgh")
    let scroll = Scroll(from: old, to: Self.lines("bcdeXghi"))
    #expect(scroll?.lines == 1)
    #expect(scroll?.applied(to: old) == Self.lines("bcdefgh "))
  }
}
