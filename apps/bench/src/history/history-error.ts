/** What the caller can mend: a history that is not where it was said to be, a run that is there already, a full disk. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}
