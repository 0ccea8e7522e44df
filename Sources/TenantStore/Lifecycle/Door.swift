/// One way by which a tenant gets in, tried. Every store has doors of its own; PostgreSQL's are `reads`, `writes`, `secret` and
/// `origins`.
public struct Door: Equatable, Sendable {
  public var name: String
  /// Whether it opened when it was tried last; nil: there is nothing to try it with.
  public var opens: Bool?
  /// Whether the tenant's state lets it.
  public var isAllowed: Bool
  /// From the change of state until it was found refused; nil while it opens, and where nothing was tried.
  public var milliseconds: Int?

  /// When it was tried, in milliseconds after the look at all of them began.
  var triedAt: Int

  public init(name: String, opens: Bool?, isAllowed: Bool, milliseconds: Int? = nil, triedAt: Int = 0) {
    self.name = name
    self.opens = opens
    self.isAllowed = isAllowed
    self.milliseconds = milliseconds
    self.triedAt = triedAt
  }

  /// "secret refused after 3 ms"; in capitals what its state does not want.
  public var words: String {
    switch opens {
    case true?: "\(name) \(isAllowed ? "open" : "STILL OPEN")"
    case false? where isAllowed: "\(name) DOES NOT OPEN"
    case false?: "\(name) refused" + (milliseconds.map { " after \($0) ms" } ?? "")
    case nil: "\(name) not there"
    }
  }

  /// It opens though the state of the tenant forbids it.
  public var isWronglyOpen: Bool { opens == true && !isAllowed }
}

/// Trying all doors of a tenant after its state has changed, until each that must be shut is.
public struct DoorTrial: Equatable, Sendable {
  public private(set) var doors: [Door] = []
  private let start: Int

  /// `start`: when the state had changed, in milliseconds of any clock.
  public init(start: Int) { self.start = start }

  /// What was found at that time of the same clock, when the last of them had been tried. A door keeps the time at which it was
  /// first found refused.
  public mutating func found(_ found: [Door], at now: Int) {
    let last = found.map(\.triedAt).max() ?? 0
    doors = found.map { door in
      var door = door
      let before = doors.first { $0.name.utf8.elementsEqual(door.name.utf8) }
      if door.opens == false {
        door.milliseconds = before?.milliseconds ?? max(0, now - start - (last - door.triedAt))
      }
      return door
    }
  }

  /// Tried, and none opens that must not.
  public var isOver: Bool { !doors.isEmpty && !doors.contains(where: \.isWronglyOpen) }
}
