import TenantStore
import Terminal

/// A tenant's fields as they are being filled in, line by line. Everything typed stays until it is saved or given up.
struct PlainForm {
  /// The tenant as it was when the form was begun; nil: a new one.
  var base: Tenant?
  var values: [TenantField: FieldValue]
  let catalogues: Catalogues

  /// What differs from what is stored; of a new tenant everything.
  var changes: [TenantField: FieldValue] {
    guard let base else { return values }
    return values.filter { !$0.value.sameBytes(as: base[$0.key]) }
  }

  /// Of a list; none of another field.
  func entries(of field: TenantField) -> [String] {
    if case .list(let list)? = values[field] { list } else { [] }
  }

  func problem(in field: TenantField) -> FieldProblem? {
    guard let value = values[field] else { return nil }
    return TenantRules.problem(in: field, value, catalogues: catalogues, before: base?[field])
  }
}

extension PlainConsole {
  func form(_ tenant: Tenant?) -> PlainForm? {
    let situation = Keymap.Situation(session: session, subject: tenant, isWriting: false)
    if let refusal = Keymap.mayNotChange(situation) {
      refuse(tenant == nil ? .list(.onboard) : .tenant(.edit), refusal, on: tenant)
      return nil
    }
    guard case .catalogues(let catalogues)? = answer(to: .catalogues, while: "reading the catalogues") else {
      return nil
    }
    var values: [TenantField: FieldValue] = [:]
    if let tenant {
      for field in TenantField.allCases where field != .siteID { values[field] = tenant[field] }
    }
    return PlainForm(base: tenant, values: values, catalogues: catalogues)
  }

  /// Asks for one field until it is right. What it holds stays where an empty line is typed.
  func fill(_ field: TenantField, _ form: inout PlainForm) throws(Stop) {
    while true {
      var tried = form
      tried.values[field] = TenantRules.normalized(field, try askValue(of: field, form))
      if let problem = tried.problem(in: field) {
        say("\(Words.name(of: field).text): \(problem.message)")
        // A list is mended entry by entry; of a text nothing is worth keeping.
        if case .list? = tried.values[field] { form = tried }
      } else if field != .siteID || isFree(tried.values[field]) {
        form = tried
        return
      }
    }
  }

  private func askValue(of field: TenantField, _ form: PlainForm) throws(Stop) -> FieldValue {
    switch field {
    case .siteID, .name, .contactEmail, .websiteURL: try askText(field, form)
    case .industry: try askIndustry(form)
    case .allowedOrigins, .permissions: try askList(field, form)
    }
  }

  /// Only a hint: where it cannot be had, saving will tell.
  private func isFree(_ value: FieldValue?) -> Bool {
    guard case .text(let siteID)? = value,
      case .availability(let availability)? = answer(
        to: .availability(siteID: siteID), while: "asking whether \(siteID) is free")
    else { return true }
    switch availability {
    case .free: say("\(siteID) is free.")
    case .taken: say("\(siteID) is taken. Choose another.")
    case .used: say("\(siteID) was used before and is never given again. Choose another.")
    }
    return availability == .free
  }

  private func askText(_ field: TenantField, _ form: PlainForm) throws(Stop) -> FieldValue {
    let name = Words.name(of: field).text
    switch form.values[field] ?? proposal(field, form) {
    case .text(let now)? where !now.isEmpty:
      let clear = field == .websiteURL ? ", a hyphen clears it" : ""
      let typed = try ask("\(name): (an empty line keeps \(spoken(now))\(clear))")
      if typed == "-" && field == .websiteURL { return .absent }
      return .text(typed.isEmpty ? now : typed)
    default: return .text(try ask(field == .websiteURL ? "\(name): (may be empty)" : "\(name):"))
    }
  }

  /// A site id made from the name.
  private func proposal(_ field: TenantField, _ form: PlainForm) -> FieldValue? {
    guard field == .siteID, case .text(let name)? = form.values[.name] else { return nil }
    return .text(TenantRules.suggestedSiteID(from: name))
  }

  private func askIndustry(_ form: PlainForm) throws(Stop) -> FieldValue {
    let items = offered(form.catalogues.industries, form, .industry)
    say("The industries:")
    for (place, name) in items.enumerated() { say("\(place + 1) \(spoken(name))") }
    var keep = ""
    if case .text(let now)? = form.values[.industry], !now.isEmpty {
      keep = " (an empty line keeps \(spoken(now)))"
    }
    let typed = try ask("Industry: a number or a name.\(keep)")
    if typed.isEmpty, let now = form.values[.industry] { return now }
    return .text(named(typed, items))
  }

  /// Entries are added and taken away line by line; one that breaks a rule is not added.
  private func askList(_ field: TenantField, _ form: PlainForm) throws(Stop) -> FieldValue {
    var form = form
    let items = field == .permissions ? offered(form.catalogues.permissions, form, field) : []
    if field == .permissions {
      say("The permissions there are:")
      for (place, name) in items.enumerated() { say("\(place + 1) \(spoken(name))") }
    }
    say(field, form.values[field] ?? .list([]))
    say("A line adds one, a hyphen before it takes it away, an empty line ends.")
    while true {
      let entries = form.entries(of: field)
      let typed = try ask("\(Words.name(of: field).text), \(entries.count) so far:")
      if typed.isEmpty { return .list(entries) }
      let isLess = typed.hasPrefix("-")
      let name = named(isLess ? Form.trimmed(String(typed.dropFirst())) : typed, items)
      if isLess { take(name, from: field, &form) } else { add(name, to: field, &form) }
    }
  }

  private func take(_ name: String, from field: TenantField, _ form: inout PlainForm) {
    let entries = form.entries(of: field)
    let rest = entries.filter { !$0.utf8.elementsEqual(name.utf8) }
    form.values[field] = .list(rest)
    say(spoken(name) + (rest.count < entries.count ? " is taken away." : " is not among them."))
  }

  private func add(_ name: String, to field: TenantField, _ form: inout PlainForm) {
    let before = form.problem(in: field)
    var more = form
    more.values[field] = TenantRules.normalized(field, .list(form.entries(of: field) + [name]))
    // What was wrong before is not this entry's doing; leaving the list will tell.
    if let problem = more.problem(in: field), before == nil {
      say("\(spoken(name)) is not added: \(problem.message)")
    } else {
      form = more
    }
  }

  /// Retired names are offered only where they are held already.
  private func offered(_ items: [Catalogues.Item], _ form: PlainForm, _ field: TenantField) -> [String] {
    let held = form.base.map { Change.entries($0[field]) } ?? []
    return items.filter { item in
      !item.retired || held.contains { $0.map { $0.utf8.elementsEqual(item.name.utf8) } ?? false }
    }.map(\.name)
  }

  /// The name that a number stands for; else what was typed.
  private func named(_ typed: String, _ items: [String]) -> String {
    guard let number = Int(typed), items.indices.contains(number - 1) else { return typed }
    return items[number - 1]
  }
}
