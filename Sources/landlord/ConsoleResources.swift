import Console
import Postgres
import TenantStore

/// What the console has done about tenants' resources on threads of its own.
extension ResolvedConnection {
  /// Blocks. On a line of its own, so that the console's are free.
  func carryOut(_ task: ResourceTask, report: @escaping (ResourceReport) -> Void) {
    report(end(of: task, report))
  }

  private func end(of task: ResourceTask, _ report: @escaping (ResourceReport) -> Void) -> ResourceReport {
    do {
      let setup = try Configuration.resources()
      let connection = try Connection.open(conninfo, deadline: 15_000, readOnly: choice.isReadOnly)
      let provisioner = Provisioner(connection, setup: setup) { run in
        if case .enforce(let tenant) = task { report(.enforced(tenant.id, Enforcement(run: run))) }
      }
      switch task {
      case .survey(let tenant): return .surveyed(try provisioner.survey(tenant))
      case .provision(let tenant):
        try demandChanges(for: "provisioning")
        _ = try provisioner.apply(tenant, reason: nil)
        return .provisioned(tenant.id)
      case .enforce(let tenant):
        try demandChanges(for: "carrying a change to its resources")
        let enforcement = try provisioner.enforce(tenant) { report(.enforced(tenant.id, $0)) }
        return .enforced(tenant.id, enforcement)
      case .carryOut(let tenants):
        try demandChanges(for: "carrying changes to resources")
        return .carriedOut(tenants, try provisioner.carryOut(runsOf: tenants))
      }
    } catch let failure as Failure {
      return .failed(task, failure.message)
    } catch let error as PostgresError {
      return .failed(task, error.words)
    } catch {
      preconditionFailure("an error of a third kind: \(error)")
    }
  }
}
