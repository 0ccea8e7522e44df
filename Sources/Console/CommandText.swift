import TenantStore

/// What a person would type in a shell to get the same.
enum CommandText {
  static func show(_ tenant: Tenant) -> String { "landlord tenant show " + quoted(tenant.siteID) }

  static func show(_ siteID: String, at moment: Moment) -> String {
    let option =
      switch moment {
      case .version(let number): "--version \(number)"
      case .at(let instant): "--at \(instant)"
      }
    return "landlord tenant show \(quoted(siteID)) \(option)"
  }

  /// The list under the filter that was typed.
  static func list(_ filter: String, _ sort: Sort, asOf moment: Instant? = nil) -> String {
    if let moment { return "landlord tenant list --at \(moment)" }
    var words = ["landlord", "tenant", "list"]
    if !filter.isEmpty { words += ["--filter", quoted(filter)] }
    if sort.column != .siteID { words += ["--sort", sort.column.rawValue] }
    if sort.descending { words.append("--descending") }
    return words.joined(separator: " ")
  }

  /// The audit of a tenant, or of everybody, under the filter that was typed.
  static func audit(_ tenant: String?, filter: String) -> String { audit("list", tenant, filter) }

  static func activity(_ tenant: String?, filter: String, days: Int) -> String {
    audit("activity", tenant, filter) + " --days \(days)"
  }

  static func verify(_ tenant: String?) -> String { audit("verify", tenant, "") }

  private static func audit(_ command: String, _ tenant: String?, _ filter: String) -> String {
    var words = ["landlord", "audit", command]
    if let tenant { words += ["--tenant", quoted(tenant)] }
    if !filter.isEmpty { words += ["--filter", quoted(filter)] }
    return words.joined(separator: " ")
  }

  /// As one word of a POSIX shell.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: ","), UInt8(ascii: "="):
        true
      default: false
      }
    }
    if isPlain, !word.isEmpty { return word }
    var quoted = "'"
    for scalar in word.unicodeScalars {
      if scalar == "'" { quoted += #"'\''"# } else { quoted.unicodeScalars.append(scalar) }
    }
    return quoted + "'"
  }
}
