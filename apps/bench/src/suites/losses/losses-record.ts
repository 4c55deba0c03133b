import { newRecord, sentinelNoise } from '../../record/new-record.js';
import type { Curve, Peer, RunRecord, Settings } from '../../records/run-record.js';
import { reasonsOf, type LossesResult } from './run-losses.js';

/** The record of a run of the suite. */
export function lossesRecord(
  time: Date,
  result: LossesResult,
  settings: Settings,
  peers: readonly Peer[],
  curves: readonly Curve[] = [],
): RunRecord {
  const reasons = reasonsOf(result);
  return newRecord(time, {
    settings: { ...settings, complete: result.complete, leftOut: result.leftOut?.length ?? 0 },
    verdict: { status: reasons.length === 0 ? 'ok' : 'wrong', reasons },
    noise: sentinelNoise(result.measured.map(({ reports }) => reports)),
    peers,
    curves,
    accuracy: result.accuracy.flatMap(({ rows }) => rows),
    benchmarks: result.measured.flatMap(({ benchmarks }) => benchmarks),
  });
}
