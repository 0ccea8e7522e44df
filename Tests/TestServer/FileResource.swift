import Glibc
import TenantStore

/// A resource of the tests' own: a program that keeps a file a tenant, and is absent, slow, refusing or deadly as it is told.
///
/// Its calls are counted. Faults are planned for a call by its number, or for an act whenever it comes.
public final class FileResource: Sendable {
  public enum Fault: String, Sendable {
    /// Kills whoever called, as `kill -9` does, before or after the act is done. Once.
    case killBefore, killAfter
    /// Will not.
    case refuse
    /// Does it, and says that it has not.
    case lie
    /// Cannot be reached; cannot be from this machine; does not end.
    case unreachable, unconfigured, slow
    /// Does it once `wait` is planned for "over".
    case wait
  }

  public let directory: String
  /// The program.
  public var path: String { directory + "/files" }

  public init() {
    var template = Array("/tmp/llf-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { TestServer.stop("cannot make a directory in /tmp") }
    directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    mkdir(directory + "/tenants", 0o755)
    mkdir(directory + "/faults", 0o755)
    write(Self.program, to: "files")
    chmod(path, 0o755)
  }

  deinit { _ = system("rm -rf '\(directory)'") }

  /// `act`: such as "provision", or the number of a call from now on, such as "3".
  public func plan(_ fault: Fault, at act: String) { write(fault.rawValue + "\n", to: "faults/\(act)") }

  /// No faults and no calls so far.
  public func forget() { _ = system("rm -f '\(directory)'/faults/* '\(directory)/calls'") }

  /// The acts that were asked for, in order.
  public var calls: [String] { lines("calls") }

  /// How it is for a tenant; nil: absent. Appended to with each act that changed something, so that one done twice is seen.
  public func history(_ tenant: TenantID) -> [String] { lines("tenants/\(tenant)") }

  private func lines(_ name: String) -> [String] {
    guard let file = fopen("\(directory)/\(name)", "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var byte = fgetc(file)
    while byte != EOF {
      bytes.append(UInt8(byte))
      byte = fgetc(file)
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private func write(_ text: String, to name: String) {
    guard let file = fopen("\(directory)/\(name)", "w") else { TestServer.stop("cannot write \(name)") }
    defer { fclose(file) }
    fputs(text, file)
  }

  /// See `CommandResource` for what it is asked.
  private static let program = """
    #!/bin/sh
    act=$1 tenant=$2
    cd "$(dirname "$0")" || exit 78
    echo "$act" >> calls
    number=$(wc -l < calls)
    file=tenants/$tenant
    fault=
    for name in "$number" "$act"; do
      if [ -f "faults/$name" ]; then read -r fault < "faults/$name"; break; fi
    done
    die() { rm "faults/$name"; kill -9 $PPID; exit 1; }
    case $fault in
      killBefore) die ;;
      refuse) echo "the disk is full" >&2; exit 1 ;;
      lie) exit 0 ;;
      unreachable) echo "nobody answers" >&2; exit 69 ;;
      unconfigured) echo "not from here" >&2; exit 78 ;;
      slow) sleep 600 ;;
      wait) while [ ! -f faults/over ]; do sleep 0.05; done ;;
    esac
    case $act in
      inspect) if [ -f "$file" ]; then tail -n 1 "$file"; else echo absent; fi ;;
      provision | resume) echo ready >> "$file" ;;
      suspend) echo suspended >> "$file" ;;
      destroy) rm -f "$file" ;;
      probe) if [ -f "$file" ] && [ "$(tail -n 1 "$file")" = ready ]; then echo "files open"; else echo "files shut"; fi ;;
      footprint) if [ -f "$file" ]; then echo "1 files"; fi ;;
    esac
    [ "$fault" != killAfter ] || die

    """
}
