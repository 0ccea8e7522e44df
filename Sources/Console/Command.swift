/// Something for the console to do that was chosen in a box, as data.
enum Command: Equatable, Sendable {
  case copy(Clipping)
}
