/// A setting of the installation.
public struct SettingChange: Equatable, Sendable {
  public var requestID: RequestID
  public var name: String
  public var value: String
  public var reason: String?

  public init(requestID: RequestID = .random(), name: String, value: String, reason: String? = nil) {
    self.requestID = requestID
    self.name = name
    self.value = value
    self.reason = reason
  }
}
