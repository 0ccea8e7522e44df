import Glibc
import Terminal
import Testing

@testable import landlord

/// The pictures beside the themes, `themes/NAME/SCENE.svg`, are what the console looks like now. `script/pictures` draws
/// them anew, by running these tests with LANDLORD_PICTURES=draw.
@Suite("The pictures of the themes")
struct ThemePicturesTests {
  private static let folder: String = {
    // …/Tests/ConsoleTests/ThemePictures/ThemePicturesTests.swift
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(4).joined(separator: "/") + "/themes"
  }()
  private static let themes = Configuration(folder: "/nonexistent").themes
  private static let isDrawing = getenv("LANDLORD_PICTURES").map { String(cString: $0) } == "draw"

  @Test(arguments: themes.map(\.name), Scene.allCases)
  func aPictureShowsTheConsoleAsItIs(_ name: String, _ scene: Scene) throws {
    let theme = try #require(Self.themes.first { $0.name == name }).theme
    let drawn = Drawing(scene.frame, in: theme, title: "landlord: the \(scene), theme \(name)").svg
    let path = "\(Self.folder)/\(name)/\(scene).svg"
    if Self.isDrawing {
      mkdir("\(Self.folder)/\(name)", 0o755)
      try TextFile.write(drawn, to: path, mode: 0o644)
    }
    let isFresh = Array(drawn.utf8) == (try? Self.bytes(of: path))
    #expect(isFresh, "themes/\(name)/\(scene).svg is stale: run script/pictures and look at what it drew")
    #expect(drawn.utf8.count < 24_000)
  }

  private static func bytes(of path: String) throws -> [UInt8] {
    try Array((TextFile.ordinary(path) ?? "").utf8)
  }
}
