import type { Plugin } from '@surprisal/core';
import type { AccuracyGroup } from '../../accuracy/accuracy-groups.js';
import { runAccuracy, type MeasuredAccuracy } from '../../accuracy/run-accuracy.js';
import { NO_BUDGETS, type Budgets } from '../../budgets/budgets.js';
import { holdAccuracy } from '../../budgets/hold-against.js';
import { isUnproven } from '../../compare/decide.js';
import { measureGroup, type GroupOptions } from '../../measure/measure-group.js';
import type { InputSpec, ProcessReport } from '../../measure/protocol.js';
import { JobFailure } from '../../measure/run-process.js';
import { benchmarkOf, failedBenchmark, type Recorded } from '../../record/benchmarks-of-group.js';
import type { Benchmark } from '../../records/benchmark-record.js';
import type { VerdictReason } from '../../records/run-record.js';
import { runSteps } from '../run-stages.js';
import { lossGroups, sweepGroups, type LossGroup } from './loss-groups.js';
import { realInputs, type RealInputs } from './real-inputs.js';

/** What was measured of a group. */
export interface MeasuredLoss {
  readonly group: LossGroup;
  readonly reports: readonly ProcessReport[];
  readonly benchmarks: readonly Benchmark[];
  readonly failure?: string;
}

/** What the suite found. */
export interface LossesResult {
  readonly measured: readonly MeasuredLoss[];
  readonly accuracy: readonly MeasuredAccuracy[];
  readonly complete: boolean;
  /** Titles of what there was no time for. */
  readonly leftOut?: readonly string[] | undefined;
}

/** How the suite runs. */
export interface LossesOptions extends GroupOptions {
  readonly quick: boolean;
  readonly only?: string | undefined;
  /** Rows of accuracy are held against these; documented bounds alone hold where there are none. */
  readonly budgets?: Budgets | undefined;
  /** Nothing is started after so many milliseconds. */
  readonly time?: number | undefined;
  /** Examples of the data sets; all by default. */
  readonly limit?: number | undefined;
}

/** The groups that `only` leaves: those whose title or id holds it, of what is wrapped twice too. */
export function chooseLossGroups(plugins: readonly Plugin[], quick: boolean, only = ''): LossGroup[] {
  const text = only.toLowerCase();
  return [...lossGroups(plugins, { quick, pairs: text !== '' }), ...sweepGroups(plugins, { quick })].filter(
    ({ id, title }) => `${title} ${id}`.toLowerCase().includes(text),
  );
}

/** Compares errors first, then measures every group on real or made logits. */
export async function runLosses(
  { times, errors }: { readonly times: readonly LossGroup[]; readonly errors: readonly AccuracyGroup[] },
  options: LossesOptions,
): Promise<LossesResult> {
  const inputs = realInputs(options.seed, options.limit);
  const accuracy: MeasuredAccuracy[] = [];
  const measured: MeasuredLoss[] = [];
  const steps = [
    ...errors.map((group) => ({
      title: `errors of ${group.title}`,
      run: async (note: (text: string) => void) =>
        accuracy.push(heldAgainst(await runAccuracy(group, { ...options, note }), options.budgets)),
    })),
    ...times.map((group) => ({
      title: group.title,
      run: async (note: (text: string) => void) =>
        measured.push(await measureLoss(group, inputs, { ...options, note })),
    })),
  ];
  try {
    const { complete, leftOut } = await runSteps(steps, options.time);
    return { measured, accuracy, complete, leftOut };
  } finally {
    inputs.remove();
  }
}

function heldAgainst(measured: MeasuredAccuracy, budgets: Budgets = NO_BUDGETS): MeasuredAccuracy {
  return { ...measured, rows: measured.rows.map((row) => holdAccuracy(row, budgets)) };
}

async function measureLoss(group: LossGroup, inputs: RealInputs, options: LossesOptions): Promise<MeasuredLoss> {
  options.note?.('make the logits');
  const input = typeof group.input === 'string' ? inputs.of(group.input) : group.input;
  const recorded = recordedOf(group, input);
  try {
    const reports = await measureGroup({ ...group, inputs: { main: input } }, options);
    return { group, reports, benchmarks: recorded.flatMap((each) => benchmarkOf(each, reports) ?? []) };
  } catch (error) {
    if (!(error instanceof JobFailure)) throw error;
    const { message } = error;
    return {
      group,
      reports: [],
      benchmarks: recorded.flatMap((each) => failedBenchmark(each, message) ?? []),
      failure: message,
    };
  }
}

function recordedOf({ variants, axes }: LossGroup, input: InputSpec): Recorded[] {
  const { rows, classes, type } = input;
  return variants.flatMap((spec) => {
    const known = axes[spec.id];
    return known === undefined
      ? []
      : [{ spec, input, axes: { ...known, rows, classes, dtype: type } as Recorded['axes'] }];
  });
}

/** Why a run is not ok: outputs that were wrong, and errors above their budgets. */
export function reasonsOf({ measured, accuracy }: LossesResult): VerdictReason[] {
  const failed = (title: string, failure: string | undefined): VerdictReason[] =>
    failure === undefined ? [] : [{ gate: 'output', message: `${title}: ${failure}` }];
  return [
    ...measured.flatMap(({ group, failure }) => failed(group.title, failure)),
    ...accuracy.flatMap(({ title, failure }) => failed(title, failure)),
    ...accuracy.flatMap(({ rows }) =>
      rows.flatMap(({ status, id, reason = '' }): VerdictReason[] =>
        status === 'wrong' ? [{ gate: 'accuracy', id, message: reason }] : [],
      ),
    ),
  ];
}

/** How many groups prove nothing. */
export function unprovenGroups({ measured }: LossesResult): number {
  return measured.filter(({ reports }) => isUnproven(reports)).length;
}
