import Postgres

/// The settings of the installation.
enum SettingsQuery {
  /// Sets one; an empty value removes it.
  static func change(_ change: SettingChange) -> Query {
    let value = change.value.isEmpty ? nil : change.value
    return TenantWrite.written(
      """
      landlord.set_setting(\(change.requestID)::uuid, \(change.name)::text, \(value)::text, \(change.reason)::text)
      """)
  }
}
