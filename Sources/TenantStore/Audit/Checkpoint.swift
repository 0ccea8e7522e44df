import Crypto

/// A block with a signature: whoever keeps it elsewhere can tell later whether the past is still the same.
public struct Checkpoint: Equatable, Sendable {
  public var block: Int64
  /// `ed25519` and the public key in hexadecimal digits; anything else is a key of SSH.
  public var key: String
  public var signature: [UInt8]

  public init(block: Int64, key: String, signature: [UInt8]) {
    (self.block, self.key, self.signature) = (block, key, signature)
  }

  public var isWitness: Bool { !key.utf8.starts(with: "ed25519 ".utf8) }

  /// The text that is signed.
  public static func text(installation: String, block: Int64, hash: [UInt8]) -> String {
    """
    landlord checkpoint 1
    installation \(installation)
    block \(block)
    hash \(Hexadecimal.text(hash))

    """
  }

  /// Whether the signature is the key's, of this hash. Nil for a key that is not ours to check.
  public func isGenuine(installation: String, hash: [UInt8]) -> Bool? {
    if isWitness { return nil }
    return CheckpointKey.isGenuine(
      signature, of: Self.text(installation: installation, block: block, hash: hash), by: key)
  }
}

/// The key that signs blocks: Ed25519.
public struct CheckpointKey: Sendable {
  private let key: Curve25519.Signing.PrivateKey

  /// A new one, from the system's secure source.
  public init() { key = Curve25519.Signing.PrivateKey() }

  /// From the text that `secret` gave; nil for anything else.
  public init?(secret: String) {
    guard let bytes = Self.bytes(secret),
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
    else { return nil }
    self.key = key
  }

  /// What to keep, and from whom to keep it: `ed25519` and 32 bytes in hexadecimal digits.
  public var secret: String { "ed25519 " + Hexadecimal.text(key.rawRepresentation) }

  /// What everyone may know, in the same form.
  public var publicText: String { "ed25519 " + Hexadecimal.text(key.publicKey.rawRepresentation) }

  public func sign(_ text: String) -> [UInt8] {
    guard let signature = try? key.signature(for: Array(text.utf8)) else {
      preconditionFailure("a key in memory signs whatever it is given")
    }
    return Array(signature)
  }

  /// Whether the signature of a text was made by whoever holds the key.
  public static func isGenuine(_ signature: [UInt8], of text: String, by key: String) -> Bool {
    guard let bytes = bytes(key), let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else {
      return false
    }
    return key.isValidSignature(signature, for: Array(text.utf8))
  }

  private static func bytes(_ text: String) -> [UInt8]? {
    guard text.utf8.starts(with: "ed25519 ".utf8) else { return nil }
    let bytes = Hexadecimal.bytes(String(text.dropFirst(8)))
    return bytes?.count == 32 ? bytes : nil
  }
}
