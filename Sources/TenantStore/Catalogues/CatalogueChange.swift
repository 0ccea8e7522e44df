/// A change of a catalogue.
public struct CatalogueChange: Equatable, Sendable {
  public enum Catalogue: String, CaseIterable, Sendable { case industries, permissions }
  public enum Kind: String, Sendable { case add, retire }
  public var requestID: RequestID
  public var catalogue: Catalogue
  public var kind: Kind
  public var name: String
  public var reason: String?

  public init(
    requestID: RequestID = .random(), catalogue: Catalogue, kind: Kind, name: String, reason: String? = nil
  ) {
    self.requestID = requestID
    self.catalogue = catalogue
    self.kind = kind
    self.name = name
    self.reason = reason
  }
}
