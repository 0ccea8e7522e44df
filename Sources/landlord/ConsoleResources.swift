import Console
import Postgres
import TenantStore

/// What the console has done about tenants' resources on threads of its own.
extension ResolvedConnection {
  /// Blocks. On a line of its own, so that the console's are free.
  func carryOut(_ task: ResourceTask) -> ResourceReport {
    let tenant = task.tenant
    do {
      let setup = try Configuration.resources()
      let connection = try Connection.open(conninfo, deadline: 15_000, readOnly: choice.isReadOnly)
      let provisioner = Provisioner(connection, setup: setup)
      switch task {
      case .survey: return .surveyed(try provisioner.survey(tenant))
      case .provision:
        try demandChanges(for: "provisioning")
        _ = try provisioner.apply(tenant, reason: nil)
        return .provisioned(tenant.id)
      }
    } catch let failure as Failure {
      return .failed(tenant.id, failure.message)
    } catch let error as PostgresError {
      return .failed(tenant.id, error.words)
    } catch {
      preconditionFailure("an error of a third kind: \(error)")
    }
  }
}
