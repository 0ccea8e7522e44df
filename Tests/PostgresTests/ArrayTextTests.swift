import Testing

@testable import Postgres

@Suite struct ArrayTextTests {
  @Test(
    arguments: [
      ("{}", []), ("{a}", ["a"]), (#"{"a b",NULL,"NULL",nULLs}"#, ["a b", nil, "NULL", "nULLs"]),
      (#"{"\"\\",x\,y,""}"#, [#""\"#, "x,y", ""]),
    ] as [(String, [String?])])
  func elementsAreRead(_ text: String, _ elements: [String?]) {
    #expect(ArrayText.elements(Array(text.utf8)[...]) == elements)
  }

  @Test(arguments: ["", "{", "}", "a", "{a", "{,}", "{a,}", "{{a}}", #"{"a}"#, #"{"a"b}"#, #"{a\"#, "{}x"])
  func whatIsNoArrayOfOneDimensionIsRefused(_ text: String) {
    #expect(ArrayText.elements(Array(text.utf8)[...]) == nil)
  }

  @Test func aLiteralIsReadBackAsItWas() {
    let values = ["", " ", "{", "}", ",", "\"", "\\", "NULL", "a\nb", "é", "👩‍👩‍👧"]
    #expect(ArrayText.elements(Array(ArrayText.literal(values).utf8)[...]) == values)
  }
}
