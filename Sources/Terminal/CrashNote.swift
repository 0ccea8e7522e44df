import CSignals

/// What a crash leaves in the state folder for whoever has to mend it: the program's version, the signal, the place where the
/// person was, and the instruction. Nothing of anybody's data, and only for its owner to read. The terminal is given back, and
/// one line on standard error names the note. There is no core file, because memory holds what the note leaves out.
public enum CrashNote {
  /// From here on a crash of this process leaves one at `path`. Where none can be written, only the line is left.
  public static func arm(path: String, version: String) {
    landlord_note_arm(path, SafeText(path).text, version)
  }

  /// Where the person is from here on: a word of ours, never of anybody's text.
  public static func place(_ word: String) { landlord_note_place(word) }
}
