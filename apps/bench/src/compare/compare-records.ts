import ttest2 from '@stdlib/stats-ttest2';
import padjust from '@stdlib/stats-padjust';
import { CONFIDENCE, median } from '../measure/statistics.js';
import type { Benchmark, Metric } from '../records/benchmark-record.js';
import type { RunRecord } from '../records/run-record.js';
import { machineClass } from '../records/series.js';
import type { ComparedRow, Comparison } from './compare-builds.js';
import { RELEVANT } from './decide.js';

/** The logarithms of a benchmark's ratios to the anchor, one of each process. */
interface Stored {
  readonly benchmark: Benchmark;
  readonly logs: readonly number[];
  readonly time: number;
}

/**
 * Compares two records by their stored ratios to the anchor, with Welch's test: the runs were not paired, so that what
 * differs between them is inconclusive until both sides are measured together, and only their agreement is a verdict.
 */
export function compareRecords(base: RunRecord, head: RunRecord): Comparison {
  const before = new Map(base.benchmarks.map((benchmark) => [benchmark.id, benchmark]));
  const sameMachine = machineClass(base.machine) === machineClass(head.machine);
  const pairs = head.benchmarks.flatMap((benchmark) => {
    const other = before.get(benchmark.id);
    const [one, two] = [other && storedOf(other), storedOf(benchmark)];
    return one === undefined || two === undefined || one.benchmark.definition !== benchmark.definition
      ? []
      : [{ base: one, head: two }];
  });
  const tests = pairs.map((pair) => welch(pair.head.logs, pair.base.logs));
  const pValues = tests.map(({ pValue }) => pValue);
  // Of no rows nothing is to be corrected, and the library refuses them.
  const corrected = pValues.length === 0 ? [] : padjust(pValues, 'holm');
  const rows = pairs.map((pair, index): ComparedRow => {
    const { axes, id } = pair.head.benchmark;
    const { low, high } = tests[index] ?? { low: -Infinity, high: Infinity };
    const difference = median(pair.head.logs) - median(pair.base.logs);
    const pValue = corrected[index] ?? 1;
    const differs = pValue <= 1 - CONFIDENCE && Math.abs(difference) > RELEVANT;
    const precise = low > -Math.log(1.05) && high < Math.log(1.05);
    const verdict = sameMachine && !differs && precise ? 'same' : 'inconclusive';
    const look = {
      id,
      logs: pair.head.logs,
      unproven: false,
      estimate: { mean: difference, low, high, n: pair.head.logs.length },
      median: difference,
      pValue,
      seems: verdict,
    } as const;
    return {
      row: { id, axes, base: id, head: id },
      look,
      base: pair.base.time,
      head: pair.head.time,
      verdict,
      ...(verdict === 'inconclusive' && { reason: reasonOf(sameMachine, differs, difference) }),
    };
  });
  return { rows, failures: [], complete: true };
}

function reasonOf(sameMachine: boolean, differs: boolean, difference: number): string {
  if (!sameMachine) return 'measured on machines of two classes';
  if (!differs) return 'a difference of 5% could have been missed';
  return `${(100 * Math.expm1(difference)).toFixed(1)}% in runs that were not paired: compare the builds`;
}

function storedOf(benchmark: Benchmark): Stored | undefined {
  const metric = (name: string): Metric | undefined => benchmark.metrics.find((each) => each.name === name);
  const processes = metric('ratio')?.processes ?? [];
  if (benchmark.status !== 'ok' || processes.length < 2) return undefined;
  return { benchmark, logs: processes.map(Math.log), time: metric('time')?.value ?? NaN };
}

function welch(
  head: readonly number[],
  base: readonly number[],
): { readonly pValue: number; readonly low: number; readonly high: number } {
  const { pValue, ci } = ttest2([...head], [...base], { alpha: 1 - CONFIDENCE, variance: 'unequal' });
  return { pValue, low: ci[0] ?? -Infinity, high: ci[1] ?? Infinity };
}
