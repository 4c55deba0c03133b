import type { Job, ProcessReport } from './protocol.js';
import { runJobApart, type RunJob } from './run-process.js';

/** What is measured together: one job, in so many fresh processes. */
export interface Group {
  /** Short, unique in its suite: what `--only` chooses by, with the title. */
  readonly id: string;
  readonly title: string;
  readonly inputs: Job['inputs'];
  readonly variants: Job['variants'];
}

/** How and with what groups are measured. */
export interface GroupOptions extends Pick<Job, 'seed' | 'pace' | 'sides' | 'peers' | 'purpose'> {
  readonly processes: number;
  readonly run?: RunJob;
  readonly note?: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Measures a group in fresh processes, one at a time; each has another order of blocks. */
export async function measureGroup(group: Group, options: GroupOptions): Promise<ProcessReport[]> {
  const { processes, run = runJobApart, note, signal, seed, pace, sides, peers, purpose } = options;
  const { inputs, variants } = group;
  const reports: ProcessReport[] = [];
  for (let process = 0; process < processes; process++) {
    // What is loaded first may fare better or worse for it: every other process loads the last first.
    const ordered = process % 2 === 0 ? variants : [...variants].reverse();
    const job: Job = {
      version: 1,
      seed: seed + 1000 * process,
      inputs,
      variants: ordered,
      pace,
      sides,
      peers,
      ...(purpose && { purpose }),
    };
    const prefix = `process ${process + 1} of ${processes}`;
    reports.push(await run(job, { note: (text) => note?.(`${prefix}: ${text}`), signal }));
  }
  return reports;
}
