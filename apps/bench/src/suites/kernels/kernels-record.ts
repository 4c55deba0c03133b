import { lossId, type Loss, type LossJson, type Registry } from '@surprisal/core';
import { compositionText, optionsText, type Part } from '../../composition.js';
import { crossEntropyOf } from '../../measure/cross-entropy.js';
import type { InputSpec, VariantSpec } from '../../measure/protocol.js';
import { CONFIDENCE } from '../../measure/statistics.js';
import { benchmarkOf, failedBenchmark, type Recorded } from '../../record/benchmarks-of-group.js';
import { newRecord, sentinelNoise } from '../../record/new-record.js';
import type { Axes, Benchmark } from '../../records/benchmark-record.js';
import type { Peer, RunRecord, Settings, TargetResult, VerdictReason } from '../../records/run-record.js';
import { ANCHOR, SENTINEL } from '../variants.js';
import type { KernelGroup } from './groups.js';
import type { MeasuredGroup } from './kernels-suite.js';
import type { Target } from './target.js';
import type { TargetVerdict } from './verdicts.js';

/** The record of a run of the suite: its groups as benchmarks, and beside them whether targets were met. */
export function kernelsRecord(
  time: Date,
  results: readonly MeasuredGroup[],
  {
    settings,
    peers,
    registry,
  }: { readonly settings: Settings; readonly peers: readonly Peer[]; readonly registry: Registry },
): RunRecord {
  const reasons = results.flatMap(({ group, failure }): VerdictReason[] =>
    failure === undefined ? [] : [{ gate: 'output', message: `${group.title}: ${failure}` }],
  );
  return newRecord(time, {
    settings,
    verdict: { status: reasons.length === 0 ? 'ok' : 'wrong', reasons },
    noise: sentinelNoise(results.map(({ reports }) => reports)),
    peers,
    benchmarks: results.flatMap((result) => benchmarksOf(result, registry)),
    targets: results.flatMap(({ verdicts }) => verdicts.map(targetOf)),
  });
}

function benchmarksOf({ group, reports, failure }: MeasuredGroup, registry: Registry): Benchmark[] {
  return group.variants
    .filter(({ id }) => id !== SENTINEL)
    .flatMap((spec) => {
      const recorded = recordedOf(group, spec, registry);
      if (recorded === undefined) return [];
      return (failure === undefined ? benchmarkOf(recorded, reports) : failedBenchmark(recorded, failure)) ?? [];
    });
}

/** A variant under the id of its group: one loss on one shape may stand in several, beside others each time. */
function recordedOf({ id: group, inputs }: KernelGroup, spec: VariantSpec, registry: Registry): Recorded | undefined {
  const input = inputs[spec.input];
  if (input === undefined) return undefined;
  const { rows, classes, type } = input;
  const shape = { rows, classes, dtype: type, input: spec.input === 'main' ? group : `${group}-${spec.input}` };
  return { spec, input, axes: { ...axesOf(spec, input, registry), ...shape } };
}

type Named = Pick<Axes, 'loss' | 'lossId' | 'options' | 'operation' | 'implementation' | 'engine'>;

function axesOf({ id, program }: VariantSpec, input: InputSpec, registry: Registry): Named & Partial<Axes> {
  if (program.kind !== 'ours') {
    const operation = program.kind === 'peer' ? program.operation : 'value-and-gradient';
    const loss = crossEntropyOf({ spec: input });
    return { ...namesOf(loss), operation, implementation: id === ANCHOR ? 'plain-loop' : id };
  }
  const { loss, operation, engine, memory, extra, asks } = program;
  const besides = [
    ...(memory === 'kernel' ? ['kernel-memory'] : []),
    ...(extra === undefined ? [] : [extra]),
    ...(asks === undefined ? [] : asks.length === 0 ? ['none-asked'] : asks),
  ];
  return {
    ...namesOf(registry.fromJSON(loss)),
    ...{ operation, implementation: 'surprisal', engine },
    ...(besides.length > 0 && { call: besides.join('-') }),
  };
}

function namesOf(loss: Loss): Pick<Axes, 'loss' | 'lossId' | 'options'> {
  const parts = partsOf(loss.toJSON());
  const options = optionsText(parts);
  return { loss: compositionText(parts), lossId: lossId(loss), ...(options !== '' && { options }) };
}

function partsOf(json: LossJson): readonly Part[] {
  const { loss: name, of } = json;
  const options = Object.fromEntries(Object.entries(json).filter(([key]) => !['version', 'loss', 'of'].includes(key)));
  return [{ name, options }, ...(of === undefined ? [] : partsOf(of as LossJson))];
}

function targetOf({ group, title, target, verdict, close, measured, reason }: TargetVerdict): TargetResult {
  const { low, high } = measured ?? {};
  return {
    id: `${group}/${target.id}`,
    case: title,
    what: target.what,
    ...limitOf(target),
    ...(measured && { measured: measured.value }),
    ...(low !== undefined && high !== undefined && { interval: { low, high, level: CONFIDENCE } }),
    verdict,
    close,
    ...(reason !== undefined && { reason }),
  };
}

function limitOf({ reads }: Target): Pick<TargetResult, 'unit' | 'bound' | 'limit'> {
  const { limit } = reads;
  if (reads.kind === 'microseconds') return { unit: 'µs/call', bound: 'at most', limit };
  if (reads.kind === 'bytes') return { unit: 'B/call', bound: 'at most', limit };
  return { unit: 'x', bound: reads.bound === 'faster' ? 'at least' : 'at most', limit };
}
