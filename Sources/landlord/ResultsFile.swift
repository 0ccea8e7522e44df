import Console
import TenantStore

/// The file of an intake's results, for its owner alone.
struct ResultsFile {
  let path: String

  init(_ path: String) { self.path = path }

  /// "tenants.csv" gets "tenants.results.csv".
  static func path(beside csv: String) -> String {
    (csv.hasSuffix(".csv") ? String(csv.dropLast(4)) : csv) + ".results.csv"
  }

  /// Nil: there is none.
  func plan() throws(Failure) -> IntakePlan? {
    let bytes: [UInt8]?
    do throws(OrdinaryFile.Problem) {
      bytes = try OrdinaryFile.read(path, most: 4 * Intake.most, isPrivate: true)
    } catch { throw Failure(error.words) }
    guard let bytes else { return nil }
    guard let plan = IntakeResults.plan(bytes) else {
      throw Failure(
        "\(path) is there and holds no results of landlord's, or not all of them; move it away, or name another file with --results"
      )
    }
    return plan
  }

  func check(_ plan: IntakePlan, installation: String) throws(Failure) {
    guard plan.installation.utf8.elementsEqual(installation.utf8) else {
      throw Failure(
        .conflict,
        "\(path) has the results of another installation; move it away, or name another file with --results")
    }
  }

  func keep(_ plan: IntakePlan) throws(Failure) {
    do throws(OrdinaryFile.Problem) {
      try OrdinaryFile.replace(path, with: Array(IntakeResults.text(plan).utf8))
    } catch { throw Failure(error.words) }
  }
}
