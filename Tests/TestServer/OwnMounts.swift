import Glibc

/// What to put before a program so that it finds something else mounted than everybody else does. What it mounts is gone with
/// it. Without root it takes namespaces that every user may make, as Debian's kernel lets them.
public enum OwnMounts {
  /// `script` is a line of shell that mounts.
  public static func prefix(_ script: String) -> [String] {
    let asOneself = geteuid() == 0 ? [] : ["--map-current-user", "--keep-caps"]
    return ["/usr/bin/unshare", "--mount"] + asOneself + ["/bin/sh", "-ec", script + "; exec \"$@\"", "sh"]
  }
}
