import { createRequire } from 'node:module';
import { currentMachine } from '../records/current-machine.js';
import { RUN_SCHEMA, type Noise, type RunRecord } from '../records/run-record.js';
import type { ProcessReport } from '../measure/protocol.js';
import { logRatios } from '../measure/ratios.js';
import { estimate } from '../measure/statistics.js';
import { currentCommit } from './current-commit.js';

/** What a run adds to what every record has. */
export type Findings = Pick<RunRecord, 'settings' | 'verdict'> & Partial<RunRecord>;

/** A record of a run that began at `time` on this machine, in the repository around the current folder. */
export function newRecord(time: Date, findings: Findings): RunRecord {
  const { name, version } = createRequire(import.meta.url)('../../package.json') as RunRecord['tool'];
  const commit = currentCommit();
  return {
    schema: RUN_SCHEMA,
    time: time.toISOString(),
    tool: { name, version },
    ...(commit && { commit }),
    machine: currentMachine(),
    noise: { status: 'unknown', figures: [] },
    peers: [],
    benchmarks: [],
    accuracy: [],
    sizes: [],
    curves: [],
    selftests: [],
    ...findings,
  };
}

/** Percent: the two copies of the anchor differ by no more on a quiet machine, in any process. */
const LIMIT = 1;

/** How far the two copies of the anchor were apart: the largest difference over groups of the mean over processes. */
export function sentinelNoise(groups: readonly (readonly ProcessReport[])[]): Noise {
  const differences = groups.flatMap((reports) => {
    const logs = logRatios(reports, 'sentinel', 'anchor');
    return logs.length === 0 ? [] : [100 * Math.abs(Math.expm1(estimate(logs).mean))];
  });
  if (differences.length === 0) return { status: 'unknown', figures: [] };
  const value = Math.max(...differences);
  const note = 'the largest difference between two equal kernels';
  return {
    status: value <= LIMIT ? 'quiet' : 'noisy',
    figures: [{ name: 'sentinel', unit: '%', value, limit: LIMIT, note }],
  };
}
