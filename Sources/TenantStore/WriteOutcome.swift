import Glibc
import Postgres

/// What became of a write.
public enum WriteOutcome: Equatable, Sendable {
  /// It was answered. `wasUnknown`: its line was lost, and the answer is what its record says.
  case written(Written, wasUnknown: Bool)
  /// Its line was lost before it arrived, and it never will; nothing was changed.
  case never
  /// Its line was lost, and nobody could be asked what became of it.
  case unknown(RequestID)
}

extension Store {
  /// Sends a write and waits until its outcome is known. Where its line is lost `whenLost` is called, and for ten seconds
  /// it is asked after by its id. Repeating the write itself would be no answer: nobody may send twice.
  /// Throws what says that nothing was changed; never `.unknown`. Precondition: `request` is a write that has an id of its
  /// own, so no bulk.
  public func outcome(of request: Request, whenLost: () -> Void) throws(StoreError) -> WriteOutcome {
    do {
      guard case .written(let written) = try answer(to: request) else {
        preconditionFailure("a write is answered by .written")
      }
      return .written(written, wasUnknown: false)
    } catch {
      guard case .unknown(let id) = error else { throw error }
      whenLost()
      return settle(id)
    }
  }

  private func settle(_ id: RequestID) -> WriteOutcome {
    let end = Monotonic.milliseconds + 10_000
    while Monotonic.milliseconds < end {
      // Whatever keeps the question from being answered, the outcome is as unknown as before.
      switch try? answer(to: .settle(id), deadline: 5000) {
      case .settled(.recorded(let written)): return .written(written, wasUnknown: true)
      case .settled(.never): return .never
      default: usleep(500_000)
      }
    }
    return .unknown(id)
  }
}
