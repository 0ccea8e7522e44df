/// The industries and permissions a tenant may have.
public struct Catalogues: Equatable, Sendable {
  public struct Item: Equatable, Sendable {
    public var name: String
    /// Retired items stay where they are but cannot be newly chosen.
    public var retired: Bool

    public init(name: String, retired: Bool = false) {
      self.name = name
      self.retired = retired
    }
  }
  /// Sorted by bytes.
  public var industries: [Item]
  public var permissions: [Item]

  public init(industries: [Item] = [], permissions: [Item] = []) {
    self.industries = industries
    self.permissions = permissions
  }
}
