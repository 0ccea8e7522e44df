import Glibc
import Testing

/// A file of tenants, from its name to the end of the whole, in the real console.
@Suite(.serialized) struct IntakeTests {
  private func lines(of path: String) -> [String] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var lines: [String] = []
    var line = [CChar](repeating: 0, count: 4096)
    while fgets(&line, Int32(line.count), file) != nil {
      lines.append(line.withUnsafeBufferPointer { String(cString: $0.baseAddress!) })
    }
    return lines
  }

  @Test func aFileIsOnboardedAndUndoneAndNoSecretIsOnTheScreen() throws {
    let landlord = Landlord()
    let csv = landlord.state + "/tenants.csv"
    let file = fopen(csv, "w")
    fputs("siteId,tenantName,contactEmail,businessIndustry\n", file)
    for number in 0..<20 { fputs("site-\(number),Site \(number),a@b.example,retail\n", file) }
    fclose(file)
    let console = try landlord.open()
    try console.wait(for: "0 tenants")
    console.type(":onboard \(csv)<Enter>")
    try console.wait(for: "20 to be made: Enter")
    console.type("<Enter>")
    try console.wait(for: "Onboard 20 tenants")
    console.answer("y")
    try console.wait(for: "20 made")
    #expect(try landlord.look("SELECT count(*)::text FROM landlord.tenants WHERE state = 'active'") == "20")
    let secrets = lines(of: landlord.state + "/tenants.results.csv").dropFirst().map {
      $0.split(separator: ",")[5]
    }
    #expect(secrets.count == 20 && !secrets.contains { console.screen.text.contains($0) })

    console.type("U")
    try console.wait(for: "Type the number")
    console.type("wrong file<Tab>20<Tab>")
    console.settle()
    console.answer("<Enter>")
    try console.wait(for: "20 undone")
    console.type("<Esc>")
    try console.wait(for: "DEACTIVATED")
    #expect(try landlord.look("SELECT count(*)::text FROM landlord.tenants WHERE state = 'active'") == "0")
  }
}
