import Crypto

/// One change for many tenants, by their ids. Each is carried out under a request id of its own, which follows from the
/// bulk's and the tenant's: sending a bulk again carries out what was not, and answers for the rest what it did.
public struct Bulk: Equatable, Sendable {
  public enum Change: Hashable, Sendable {
    case deactivate, reactivate
    case addOrigin(String)
    case removeOrigin(String)
    case addPermission(String)
    case removePermission(String)
    case setIndustry(String)
  }
  /// How many tenants one request may hold.
  public static let most = 500

  public var id: RequestID
  public var change: Change
  public var tenants: [TenantID]
  /// Required for a change of state.
  public var reason: String?

  public init(id: RequestID = .random(), change: Change, tenants: [TenantID], reason: String? = nil) {
    self.id = id
    self.change = change
    self.tenants = tenants
    self.reason = reason
  }

  /// The request id of one tenant's part.
  public func requestID(for tenant: TenantID) -> RequestID { .derived(from: "landlord bulk \(id) \(tenant)") }

  /// The same in requests of at most `size` tenants, in the order of their ids, each once: to be sent one after the other, so
  /// that progress is seen and a lost line leaves one of them open.
  public func parts(of size: Int = 100) -> [Bulk] {
    let ids = Set(tenants).sorted()
    let step = min(max(size, 1), Self.most)
    return stride(from: 0, to: ids.count, by: step).map { start in
      var part = self
      part.tenants = Array(ids[start..<min(start + step, ids.count)])
      return part
    }
  }
}

extension RequestID {
  /// The same for the same text, and for no other: SHA-256 over it, in the form of a UUID of version 8. Source: RFC 9562.
  public static func derived(from text: String) -> RequestID {
    var bytes = Array(SHA256.hash(data: Array(text.utf8)).prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    return RequestID(bytes: bytes)!
  }
}

/// What a bulk, or a batch of new tenants, did to one.
public struct BulkRow: Equatable, Sendable {
  public var tenantID: TenantID
  public var requestID: RequestID
  /// `.refused` with the rule's name also where a field's rule was broken.
  public var written: Written

  public init(tenantID: TenantID, requestID: RequestID, written: Written) {
    self.tenantID = tenantID
    self.requestID = requestID
    self.written = written
  }
}

/// What a bulk would do, as the tenants are now. The four numbers add up to the tenants asked about.
public struct BulkPreview: Equatable, Sendable {
  public var changing: Int
  /// Are so already.
  public var unchanged: Int
  /// Their state forbids it.
  public var refused: Int
  public var gone: Int

  public init(changing: Int, unchanged: Int = 0, refused: Int = 0, gone: Int = 0) {
    self.changing = changing
    self.unchanged = unchanged
    self.refused = refused
    self.gone = gone
  }
}

extension TenantRules {
  /// What is wrong for people with the rule that a part of a bulk was refused by.
  public static func explanation(of rule: String) -> String { message(for: rule) }
}
