import TenantStore
import Terminal

/// Whatever happens to the console, in the one order in which it comes in.
public enum Event: Sendable {
  /// A key was pressed.
  case key(Key)
  /// The terminal has this size now.
  case resized(Size)
  /// The store has finished with a request.
  case answered(Ticket, Result<Answer, StoreError>)
  /// The line to the server changed.
  case link(Store.Link)
  /// What the clock says; comes before the other events of a wake-up. Nothing else tells the time in here.
  case clock(Instant)
  /// A time that was asked for with `.wakeAfter` has passed.
  case alarm(Alarm)
  /// The last view is on the screen: what it offers may be confirmed from now on.
  case painted
  /// The migration that was asked for has ended; nil: done, else why it could not be.
  case migrated(String?)
  /// What became of what was asked about a tenant's resources.
  case reported(ResourceReport)
  /// How far a task with a file of tenants is, and what came of it.
  case intakeProgress(Ticket, IntakeProgress)
  case intakeReported(Ticket, IntakeReport)
  /// What was to be copied could not be given to the terminal, and why.
  case notCopied(String)
  /// What became of an export.
  case exported(Exported)
  /// How far a verification is, and what it came to.
  case verifying(Ticket, AuditVerifier.Progress)
  case verified(Ticket, Verification)
  /// What came of a draft.
  case draft(DraftName, DraftNews)
  /// The drafts that lie there, whosever they are.
  case drafts([LyingDraft])
  /// The console ends: the last that can be done.
  case ending
}

/// Where an export lies.
public enum Exported: Equatable, Sendable {
  /// Its whole path.
  case file(String)
  /// Nothing was left behind, and why.
  case problem(String)
}

/// What a wake-up is for.
public enum Alarm: Hashable, Sendable {
  /// Is this request still on its way? Then it is time to say so.
  case slow(Ticket)
  /// The typing stopped: ask whether the site id is free. The number tells this pause from earlier ones.
  case availability(Int)
  /// The typing in the filter stopped: read and count what is beyond the screen. The number tells this pause from earlier ones.
  case typed(Int)
  /// A second has passed while something takes its time: show how long it has taken.
  case tick
  /// Refresh the list. The number tells this time of refreshing from earlier ones.
  case refresh(Int)
  /// Look for what is new in the audit. The number tells this time from earlier ones.
  case audit(Int)
  /// Look how far the run of this tenant has come.
  case run(TenantID)
  /// Keep what was typed into the form of this draft.
  case keepDraft(DraftName)
  /// A minute has passed since a secret was shown. The number tells this showing from earlier ones.
  case cover(Int)
  /// Ask again what became of this write.
  case settle(RequestID)
  /// Try the doors of the tenant once more.
  case doors
}

/// What the console wants done, as data.
public enum Effect: Equatable, Sendable {
  /// Hand this request to the store.
  case send(Request, Ticket)
  /// Prove the audit of a tenant, or of everybody; `.verified` follows, unless it is cancelled.
  case verify(TenantID?, Ticket)
  /// Give up on a read or a verification; let a task with a file leave off.
  case cancel(Ticket)
  /// Send `.alarm` with this after so long.
  case wakeAfter(milliseconds: Int, Alarm)
  /// Stop as the shell's job control does; paint all again afterwards.
  case suspend
  /// Paint everything again, trusting nothing that is on the screen.
  case repaint
  /// Bring the schema to what this program expects; `.migrated` follows.
  case migrate
  /// Do this about a tenant's resources; `.reported` follows.
  case resources(ResourceTask)
  /// Do this with a file of tenants; `.intakeReported` follows, also where it was cancelled.
  case intake(IntakeTask, Ticket)
  /// Put this on the terminal's clipboard; `.notCopied` follows where that cannot be.
  case copy(String)
  /// Write this to a new file of about this name, for its owner alone, in the folder where the console was started;
  /// `.exported` follows.
  case export(name: String, text: String)
  /// Look which drafts lie there that no console has open; `.drafts` follows.
  case seekDrafts
  /// Look what lies under this name, and keep others from it; `.draft` follows.
  case openDraft(DraftName)
  /// Put this in its place; `.draft` follows where that cannot be.
  case keepDraft(DraftName, String)
  /// Let others have it again; `removing`: it is done with.
  case closeDraft(DraftName, removing: Bool)
  /// Look like this from the next paint on.
  case useTheme(Theme)
  /// Let the terminal report the mouse, or not.
  case useMouse(Bool)
  /// Start anew on the connection of that name.
  case connect(String)
  /// End with this exit code; `parting` is said once the screen is gone.
  case quit(Int32, parting: String? = nil)
}
