@testable import Terminal
@testable import landlord

/// A colour as a picture has it, 0xRRGGBB.
typealias Paint = UInt32

/// The colours of a terminal that a person might have: what a theme leaves to the terminal looks like this in a picture.
/// Source: the colour scheme One Half Dark, by Son A. Pham.
enum PlainPalette {
  static let foreground: Paint = 0xDCDFE4
  static let background: Paint = 0x282C34

  /// Black, red, green, yellow, blue, magenta, cyan, white. Their bright forms differ in black alone.
  private static let basic: [Paint] = [
    0x282C34, 0xE06C75, 0x98C379, 0xE5C07B, 0x61AFEF, 0xC678DD, 0x56B6C2, 0xDCDFE4,
  ]
  private static let brightBlack: Paint = 0x5A6374

  /// `standard` is what the terminal's own colour is here.
  static func paint(_ colour: Colour, standard: Paint) -> Paint {
    switch colour {
    case .standard: standard
    case .palette(8): brightBlack
    case .palette(let number) where number < 16: basic[Int(number % 8)]
    case .palette(let number): SharedColour.value(number)
    }
  }

  /// The colour that lies `share` of the way from `a` to `b`.
  static func mix(_ a: Paint, _ b: Paint, _ share: Double) -> Paint {
    [16, 8, 0].reduce(0) { mixed, shift in
      let (from, to) = (Double(a >> Paint(shift) & 0xFF), Double(b >> Paint(shift) & 0xFF))
      return mixed | Paint((from + (to - from) * share).rounded()) << Paint(shift)
    }
  }
}

/// A style with everything decided: what a terminal would paint for it.
struct Ink: Hashable {
  var foreground: Paint
  var background: Paint
  var isBold: Bool
  var isUnderlined: Bool

  init(_ style: Style) {
    foreground = PlainPalette.paint(style.foreground, standard: PlainPalette.foreground)
    background = PlainPalette.paint(style.background, standard: PlainPalette.background)
    if style.attributes.contains(.reverse) { swap(&foreground, &background) }
    if style.attributes.contains(.dim) { foreground = PlainPalette.mix(foreground, background, 0.4) }
    isBold = style.attributes.contains(.bold)
    isUnderlined = style.attributes.contains(.underline)
  }
}
