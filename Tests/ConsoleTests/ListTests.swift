import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("The list")
struct ListTests {
  @Test func showsTenantsWithMarkerAgesAndBadges() {
    let stage = Stage.list(lines: 12)
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                              5 tenants
         SITE             NAME               EMAIL              STATE       UPDATED
       ▮ acme             Acme GmbH          ops@acme.example   active      2m
         acme-test        Acme Test Sandbox  qa@acme.example    active      4d
         acme-eu          Acme Europe S.A.   it@acme-eu.example DEACTIVATED 11d
         acmecorp         Acmeco… [1 hidden] x@acmecorp.example active      1h
         tokyo            東京電力エナジー…  info@tokyo.example active      1y



       Enter open  c onboard  e edit  x lifecycle  / filter  q quit  ? keys
      """)
  }
}
