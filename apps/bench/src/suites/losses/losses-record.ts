import type { Plugin } from '@surprisal/core';
import { MissingProgram } from '../../measure/variant.js';
import { PEERS } from '../../peers/peers.js';
import { newRecord, sentinelNoise } from '../../record/new-record.js';
import type { Peer, RunRecord, Settings } from '../../records/run-record.js';
import { reasonsOf, type LossesResult } from './run-losses.js';

/** The record of a run of the suite. */
export async function lossesRecord(
  time: Date,
  result: LossesResult,
  settings: Settings,
  { peers }: { readonly peers: string; readonly plugins: readonly Plugin[] },
): Promise<RunRecord> {
  const reasons = reasonsOf(result);
  return newRecord(time, {
    settings: { ...settings, complete: result.complete },
    verdict: { status: reasons.length === 0 ? 'ok' : 'wrong', reasons },
    noise: sentinelNoise(result.measured.map(({ reports }) => reports)),
    peers: await Promise.all(PEERS.map((peer) => peerOf(peer, peers))),
    accuracy: result.accuracy.flatMap(({ rows }) => rows),
    benchmarks: result.measured.flatMap(({ benchmarks }) => benchmarks),
  });
}

async function peerOf({ name, version }: (typeof PEERS)[number], folder: string): Promise<Peer> {
  try {
    return { name, version: await version(folder) };
  } catch (error) {
    if (error instanceof MissingProgram) return { name, missing: error.message };
    throw error;
  }
}
