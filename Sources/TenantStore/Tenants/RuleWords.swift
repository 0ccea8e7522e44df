extension TenantRules {
  /// What is wrong and what to do, for a rule by its constraint's name. A name that is not known is told as it is.
  static func message(for rule: String) -> String {
    words[rule] ?? "The value breaks the rule \(rule)."
  }

  /// Whether this is the name of a rule that a person can mend.
  static func knows(_ rule: String) -> Bool { words[rule] != nil }

  private static let words: [String: String] = [
    "site_id_form": "Use a-z, 0-9 and hyphens; begin and end with a letter or digit.",
    "site_id_length": "Use 3 to 63 characters.",
    "site_id_no_uuid": "This has the form of a tenant's id; choose another.",
    "site_id_immutable": "A site id never changes once it is given.",
    "site_id_taken": "Another tenant has or had this site id; choose another.",
    "site_id_required": "Give a site id.",
    "tenant_name_bidi": "Remove the characters that change the direction of writing.",
    "tenant_name_controls": "Remove the control characters.",
    "tenant_name_invisible": "Remove the characters that cannot be seen.",
    "tenant_name_length": "Use 1 to 200 characters.",
    "tenant_name_nfc": "Write accented letters as one character each (normal form C).",
    "tenant_name_trimmed": "Remove the blanks at the beginning and the end.",
    "tenant_name_required": "Give a name.",
    "contact_email_characters": "Remove blanks and characters that cannot be seen.",
    "contact_email_form": "Write it as name@host, with one @.",
    "contact_email_length": "Use at most 254 characters.",
    "contact_email_required": "Give an e-mail address.",
    "website_url_characters": "Remove blanks, characters that cannot be seen and any of < > \" \\ ^ ` { | }.",
    "website_url_form": "Write it as https://host or https://host:port/path.",
    "website_url_length": "Use at most 2048 characters.",
    "website_url_scheme": "Begin with http:// or https://.",
    "website_url_user_info": "Remove the name and password before the host.",
    "business_industry_known": "Choose an industry from the catalogue.",
    "business_industry_retired": "This industry is retired; choose another.",
    "business_industry_required": "Choose an industry from the catalogue.",
    "business_industry_reach":
      "This industry lies outside your limits: the tenant would be out of your sight. An admin without limits can.",
    "allowed_origins_count": "Use at most 50 origins.",
    "allowed_origins_default_port": "Leave out the default port (:443 after https, :80 after http).",
    "allowed_origins_form":
      "Write each as https://host or https://host:port, in lower case, without path or *.",
    "allowed_origins_https": "Use https; http is for localhost only.",
    "allowed_origins_length": "Use at most 267 characters for an origin.",
    "allowed_origins_unique": "Name each origin once.",
    "allowed_origins_required": "Give a list; it may be empty.",
    "permissions_known": "Choose permissions from the catalogue.",
    "permissions_retired": "A permission is retired; it cannot be newly chosen.",
    "permissions_sorted": "Name each permission once, in ascending order.",
    "permissions_required": "Give a list; it may be empty.",
    "reason_required": "Give a reason.",
    "reason_length": "Use 1 to 500 characters for the reason.",
    "reason_characters": "Remove control characters from the reason.",
    "catalogue_name_form":
      "Use a-z and 0-9, parted by single . _ : or -; begin with a letter; at most 63 characters.",
    "setting_name_form":
      "Use a-z and 0-9, parted by single . _ or -; begin with a letter; at most 63 characters.",
    "setting_name_reserved": "This setting is landlord's own; it is not set by hand.",
    "setting_value_form": "Use 1 to 200 characters without control characters.",
    "context_mode_known": "The mode is plain or signed.",
    "context_key_length": "A key has 32 bytes.",
    "signature_seconds": "A signature is good for 1 to 86400 seconds.",
    "view_name_form": "Use 1 to 60 characters without control characters, and no blank at either end.",
    "view_filter_form": "Use at most 1000 characters without control characters.",
    "view_sort_known": "The list has no such order.",
    "view_columns_form": "Name at most 40 columns.",
    "limit_of_one": "A limit names an industry or a tenant, one of them.",
    "limit_industry_known": "There is no such industry in the catalogue.",
    "limit_tenant_known": "There is no such tenant.",
    "limit_person_known": "There is no role of this name that may log in, or it is landlord's own.",
    "limit_holds":
      "This person is in a group without limits, perhaps through another role: no limit would narrow that.",
    "state_transition": "Its state forbids this.",
    "purge_date_passed": "Its purge date has passed: it can only be purged.",
    "purge_date_early": "The purge date must leave the time that the setting purge_days asks for.",
    "purge_days_form": "Give a number of days, at most 3650.",
    "until_to_come": "Give a time that lies ahead.",
    "ticket_form": "Use 1 to 60 characters for the ticket, without control characters.",
    "suspended_access_known": "The access is none or read.",
    "tenant_purged": "The tenant is purged; nothing of it can be changed.",
    "request_fenced": "This request was given up before; ask again under a new one.",
    "request_body_same": "This request's id was used for something else.",
    "act_known": "This is no act that a client may record.",
    "field_known": "There is no such field.",
    "field_type": "This field takes another kind of value.",
    "requests_form": "The list of requests is not well formed.",
    "no_nul": "Remove the NUL character; it cannot be stored.",
  ]
}
