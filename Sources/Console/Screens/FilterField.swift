import TenantStore
import Terminal

/// The filter as it is typed, and what it means.
struct FilterField: Sendable {
  var field = TextField()
  var isFocused = false

  var filter: Filter { .parse(field.text) }

  /// What is not understood (yet); nil: all is.
  var problem: SafeText? { Filter.problem(in: field.text).map { SafeText($0.message) } }
}
