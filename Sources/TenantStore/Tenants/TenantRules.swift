/// The rules of a tenant's fields, each under its constraint's name: the same rule as in the schema, so that a form can
/// speak before the server does. A property test holds both equal.
public enum TenantRules {
  /// The first rule that `value` breaks, or nil. The catalogues' rules are the server's alone, except that a form may pass
  /// `catalogues` to have a choice checked.
  public static func problem(in field: TenantField, _ value: FieldValue) -> FieldProblem? { nil }

  /// What a person typed, as it will be stored: trimmed; the name in NFC; e-mail untouched otherwise; an empty URL absent;
  /// site id lower-cased; origins in serialised form where that is unambiguous; permissions sorted, without duplicates.
  public static func normalized(_ field: TenantField, _ value: FieldValue) -> FieldValue { value }

  /// A site id made from a name: lower-case ASCII letters, digits and hyphens, at most 63; may be empty.
  public static func suggestedSiteID(from name: String) -> String { "" }
}
