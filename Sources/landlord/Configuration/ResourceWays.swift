import TOMLKit
import TenantStore

/// How this machine reaches the resources that are listed in the database:
///
///     [resource.files]
///     command = "/usr/local/lib/landlord/files"     # see CommandResource for what it is asked
///
/// Apart from the list, because what runs here is for this machine's administrator to say and not for the database.
extension Configuration {
  /// Of `config.toml`, of which nothing else is read here. What is wrong with one makes all of it unusable.
  static func resources() throws(Failure) -> ResourceSetup {
    let path = folder + "/config.toml"
    guard let text = try TextFile.ordinary(path) else { return ResourceSetup() }
    let table = try TOMLTable(of: path, text, "no resource can be found in it")
    guard let resources = table["resource"] else { return ResourceSetup() }
    guard let resources = resources.table else {
      throw Failure(.usage, "\(path): resource must be a table of tables: [resource.NAME]")
    }
    var setup = ResourceSetup()
    for name in resources.keys {
      setup.ways[name] = try way(resources[name]?.table, "\(path): resource.\(name)")
    }
    return setup
  }

  private static func way(_ table: TOMLTable?, _ place: String) throws(Failure) -> ResourceSetup.Way {
    guard let table else { throw Failure(.usage, "\(place) must be a table") }
    if let strange = table.keys.first(where: { $0 != "command" }) {
      throw Failure(.usage, "\(place): there is no setting \(strange); there is: command")
    }
    guard let command = table["command"]?.string, command.hasPrefix("/") else {
      throw Failure(.usage, "\(place).command must be the whole path of a program")
    }
    return .command(command)
  }
}
