import type { Plugin } from '@surprisal/core';
import { classifierPlan } from './classifiers.js';
import type { DatasetName } from './data/dataset.js';
import { heldOutOf, type HeldOut } from './held-out.js';
import { isWrong, measureRow, type MeasuredRow } from './measure-row.js';
import { runStages, type Note, type Stage } from './progress.js';
import { listRows, type BenchRow, type SkippedRow } from './rows.js';
import type { TimingOptions } from './timing.js';
import { trainClassifier } from './train/train-classifier.js';

/** What to run. */
export interface BenchOptions {
  readonly seed: number;
  /** Held-out rows to compare with exact results. */
  readonly rows: number;
  /** Only the losses whose composition or options hold this text; of what is wrapped twice too. */
  readonly only?: string | undefined;
  /** With what is wrapped twice, whatever `only` is. */
  readonly pairs?: boolean | undefined;
  /** Train and hold out so many examples only; all by default. */
  readonly limit?: number | undefined;
  readonly timing?: TimingOptions;
}

/** What a run found. */
export interface BenchResult {
  readonly seed: number;
  readonly heldOut: readonly HeldOut[];
  readonly measured: readonly MeasuredRow[];
  readonly skipped: readonly SkippedRow[];
  /** Losses that were made and then threw. */
  readonly failed: readonly SkippedRow[];
}

/** On a machine that did other things too, medians of 15 rounds went wrong by a factor of two now and then, those of 61 did not. */
const TIMING: TimingOptions = { repeats: 61, batchMilliseconds: 1 };

/** The rows that `only` leaves: of every loss in one wrapper at most where it is absent, as in `run`. */
export function chooseRows(
  plugins: readonly Plugin[],
  { only = '', pairs = only !== '' }: Pick<BenchOptions, 'only' | 'pairs'> = {},
): ReturnType<typeof listRows> {
  const text = only.toLowerCase();
  const holds = ({ composition, options }: { readonly composition: string; readonly options: string }): boolean =>
    `${composition} ${options}`.toLowerCase().includes(text);
  const { rows, skipped } = listRows(plugins, { pairs });
  return { rows: rows.filter(holds), skipped: skipped.filter(holds) };
}

/** Trains the classifiers that the rows need, and measures every row on their held-out logits. */
export async function runBench(plugins: readonly Plugin[], options: BenchOptions): Promise<BenchResult> {
  const { rows, skipped } = chooseRows(plugins, options);
  const heldOut: HeldOut[] = [];
  const measured: MeasuredRow[] = [];
  const failed: SkippedRow[] = [];
  const stages = (['digits', 'mail'] as const).flatMap((name): Stage[] => {
    const ofData = rows.filter(({ data }) => data === name);
    if (ofData.length === 0) return [];
    const run = async (note: Note): Promise<void> => {
      const logits = await prepare(name, options, note);
      heldOut.push(logits);
      for (const [index, row] of ofData.entries()) {
        await note(`${index + 1} of ${ofData.length}: ${row.composition}`);
        const outcome = tryRow(row, logits, options.timing ?? TIMING);
        if ('reason' in outcome) failed.push(outcome);
        else measured.push(outcome);
      }
    };
    return [{ title: `${name}: train a classifier, compare losses on its held-out logits`, run }];
  });
  await runStages(stages);
  return { seed: options.seed, heldOut, measured, skipped, failed };
}

/** 0: all outputs are within their bounds; 4: one is not. */
export function exitCodeOf({ measured, failed }: Pick<BenchResult, 'measured' | 'failed'>): 0 | 4 {
  return failed.length > 0 || measured.some(isWrong) ? 4 : 0;
}

async function prepare(
  name: DatasetName,
  options: BenchOptions,
  note: (text: string) => Promise<void>,
): Promise<HeldOut> {
  const { load, loss, training } = classifierPlan(name);
  await note('load the data');
  const dataset = load(options);
  await note(`train on ${dataset.train.rows.count} ${dataset.unit}`);
  const classifier = trainClassifier(dataset, loss, { ...training, seed: options.seed });
  await note('compare the plain loop with exact results');
  return heldOutOf(classifier, loss, options);
}

function tryRow(row: BenchRow, heldOut: HeldOut, timing: TimingOptions): MeasuredRow | SkippedRow {
  try {
    return measureRow(row, heldOut, timing);
  } catch (error) {
    const { composition, options } = row;
    return { composition, options, reason: error instanceof Error ? error.message : String(error) };
  }
}
