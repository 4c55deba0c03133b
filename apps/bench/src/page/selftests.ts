import type { History } from '../history/run-file.js';
import type { RunRecord, Selftest } from '../records/run-record.js';
import { machineClass } from '../records/series.js';

/**
 * The tests of the harness that go with a run: its own, and of each kind that it lacks the last that was published from the same
 * class of machines.
 */
export function selftestsOf(record: RunRecord, { runs }: History): readonly Selftest[] {
  const here = machineClass(record.machine);
  const published = runs.flatMap((run) => (machineClass(run.record.machine) === here ? run.record.selftests : []));
  const last = new Map<string, Selftest>();
  for (const test of [...published, ...record.selftests]) last.set(`${test.kind} ${test.factor ?? ''}`, test);
  return [...last.values()];
}
