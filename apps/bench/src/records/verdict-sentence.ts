import type { RunRecord } from './run-record.js';

/** What a run found: what every page and comment begins with. */
export interface VerdictWords {
  /** In our words. */
  readonly title: string;
  /** In those of the record, which nobody has checked; in ours where `title` says that all is well. */
  readonly detail: string;
}

const TITLES = { regression: 'Regression', inconclusive: 'Inconclusive', wrong: 'Wrong output' } as const;

/** The verdict of a record in a title and a sentence. */
export function verdictWords(record: RunRecord): VerdictWords {
  const { status, reasons } = record.verdict;
  if (status === 'ok') return okWords(record);
  const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : '';
  // What comes after the first line is for who looks into it.
  const [first = ''] = (reasons[0]?.message ?? 'no reason was recorded').split('\n');
  return { title: TITLES[status], detail: `${first}${more}` };
}

function okWords({ compare, benchmarks, accuracy }: RunRecord): VerdictWords {
  if (compare !== undefined) {
    const count = (verdict: string): number => compare.rows.filter((row) => row.verdict === verdict).length;
    const detail = `${compare.rows.length} comparisons, ${count('better')} better, ${count('same')} the same`;
    return { title: 'No regression', detail };
  }
  const losses = new Set([...benchmarks, ...accuracy].map(({ axes }) => axes.lossId ?? axes.loss)).size;
  const rows = benchmarks.length + accuracy.length;
  return { title: 'All outputs are right', detail: `${rows} rows over ${losses} ${losses === 1 ? 'loss' : 'losses'}` };
}
