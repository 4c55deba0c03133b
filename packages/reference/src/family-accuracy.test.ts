// Every plugin that can be composed from a cross-entropy, on random and extreme rows, against double-double arithmetic.
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { Loss } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted } from '@surprisal/weighted';
import { describe, expect, test } from 'vitest';
import {
  randomNumbers,
  randomRows,
  ulpsOfScalePairs,
  type FloatType,
  type RandomRow,
  type ScaledPair,
} from './index.js';
import { FAMILY, type AnyWrapper, type Tested } from './testing-family/family.js';
import { referenceRow } from './testing-family/plan-reference.js';

/** Rows of each plugin, of either type half as many; they take turns alone, around and inside smoothing, and around weights. */
const ROWS = 10_000;
const SEED = 2024;
/** Pairs below this have no room for their low parts, nor have the factors of a result this small. */
const FULL_PAIRS_FROM = 1e-285;

/**
 * The bounds promised, in units in the last place of the type; four times that for modulated surprisals and what a plugin's own
 * function adds.
 */
const BOUNDS = {
  typescript: { float32: { loss: 0.51, gradient: 1.5 }, float64: { loss: 5, gradient: 8 } },
  simd: { float32: { loss: 3.5, gradient: 5 }, float64: { loss: 5, gradient: 8 } },
} as const;

const bases: Readonly<Record<'softmax' | 'sigmoid', Loss>> = {
  softmax: categoricalCrossEntropy(),
  sigmoid: binaryCrossEntropy(),
};

const apply = (plugin: AnyWrapper, loss: Loss, options: object): Loss =>
  (plugin as unknown as (loss: Loss, options: object) => Loss)(loss, options);

/** The plugin alone, inside and around label smoothing, and around class weights, for a class count. */
function variants({ plugin, options }: Tested, link: 'softmax' | 'sigmoid', classes: number): readonly Loss[] {
  const base = bases[link];
  const [example = {}] = plugin.examples(classes) as readonly object[];
  const wrap = (loss: Loss): Loss => apply(plugin, loss, options ?? example);
  const smooth = (loss: Loss): Loss => apply(labelSmoothed as AnyWrapper, loss, { smoothing: 0.1 });
  const weights = Array.from({ length: classes }, (_, index) => 0.5 + index / classes);
  const weigh = (loss: Loss): Loss => apply(classWeighted as AnyWrapper, loss, { weights });
  return [wrap(base), smooth(wrap(base)), wrap(smooth(base)), wrap(weigh(base))];
}

interface Run {
  readonly link: 'softmax' | 'sigmoid';
  readonly type: FloatType;
  readonly engine: string;
  readonly rows: number;
  readonly bounds: { readonly loss: number; readonly gradient: number };
}

/** The largest errors, in units in the last place. */
interface Worst {
  loss: number;
  gradient: number;
  rows: number;
}

function measure(tested: Tested, { link, type, engine, rows }: Run): Worst {
  const random = randomNumbers(SEED);
  const worst: Worst = { loss: 0, gradient: 0, rows: 0 };
  const made = new Map<number, readonly Loss[]>();
  for (const row of randomRows({ seed: SEED, logits: 2 ** 40, type, classes: [2, 9] })) {
    const classes = link === 'softmax' ? row.logits.length : 2;
    const losses = made.get(classes) ?? variants(tested, link, classes);
    made.set(classes, losses);
    const loss = losses[worst.rows % losses.length];
    compare(loss, link === 'softmax' ? row : elementOf(row, random.below(97) / 96), { type, engine }, worst);
    if (worst.rows === rows) break;
  }
  return worst;
}

/** A label, the class masked by the plugin excepted; of an element a target, soft in one of three. */
function elementOf({ logits, label, kind }: RandomRow, share: number): RandomRow {
  return { logits: logits.slice(label, label + 1), label: share < 1 / 3 ? share * 3 : Math.round(share), kind };
}

function compare(
  loss: Loss,
  { logits, label: drawn }: RandomRow,
  { type, engine }: Pick<Run, 'type' | 'engine'>,
  worst: Worst,
): void {
  const label = labelFor(loss, logits, drawn);
  if (label < 0) return;
  const binary = loss.link.name === 'sigmoid';
  const target = binary && loss.plan?.some(({ kind }) => kind === 'margin') ? Math.round(label) : label;
  const dims = binary ? [1] : [1, logits.length];
  const actual = loss.evaluate({ data: logits, dims }, [target], {
    losses: true,
    gradient: true,
    reduction: 'sum',
    engine,
  });
  const expected = referenceRow(loss, logits, target, type);
  const units = unitsOfSteps(loss, logits, { type, engine });
  worst.loss = Math.max(worst.loss, errorOf(actual.losses?.[0] ?? NaN, expected.loss, type) / units);
  expected.gradient.forEach((element, index) => {
    worst.gradient = Math.max(worst.gradient, errorOf(actual.gradient?.[index] ?? NaN, element, type) / units);
  });
  worst.rows += 1;
}

/**
 * The reference takes the logits that the steps make, rounded to doubles, as the TypeScript engine does. The others may keep
 * what an offset or a margin adds apart from a large logit, which is better by up to a unit of that logit, in relative terms
 * of every probability.
 */
function unitsOfSteps(
  { plan = [] }: Loss,
  logits: ArrayLike<number>,
  { type, engine }: Pick<Run, 'type' | 'engine'>,
): number {
  if (engine === 'typescript' || !plan.some(({ kind }) => kind === 'affine' || kind === 'margin')) return 1;
  const largest = Math.max(...Array.from(logits, (logit) => (Number.isFinite(logit) ? Math.abs(logit) : 0)));
  return 1 + largest * (type === 'float64' ? 1 : 2 ** -29);
}

/** The label drawn, or one that a class mask leaves; -1 where it leaves none but masked logits. */
function labelFor({ plan = [] }: Loss, logits: ArrayLike<number>, label: number): number {
  const mask = plan.find((step) => step.kind === 'classMask')?.allowed;
  return mask?.[label] === false ? mask.findIndex((allowed, index) => allowed && logits[index] !== -Infinity) : label;
}

function errorOf(actual: number, { value: [high, low], scale }: ScaledPair, type: FloatType): number {
  if (scale < FULL_PAIRS_FROM) return Math.abs(actual) <= FULL_PAIRS_FROM ? 0 : Infinity;
  return ulpsOfScalePairs(actual, high, low, Number.isFinite(scale) ? scale : high, type);
}

/** The engines of a link that this runtime can run; those in WebAssembly are given a fifth of the rows. */
function runsOf(tested: Tested): readonly Run[] {
  return tested.links.flatMap((link) =>
    bases[link].link.engines
      .filter(({ available }) => available?.() ?? true)
      .flatMap(({ name: engine }) =>
        (['float32', 'float64'] as const).map((type) => {
          const rows = engine === 'typescript' ? ROWS / 2 : ROWS / 10;
          return { link, type, engine, rows, bounds: BOUNDS[engine === 'typescript' ? engine : 'simd'][type] };
        }),
      ),
  );
}

describe.each(FAMILY)(`$plugin.name $options (seed ${SEED})`, (tested) => {
  test.each(runsOf(tested))('$link, $type, $engine, $rows rows', { timeout: 120_000 }, (run) => {
    const factor = tested.modulated === true ? 4 : 1;
    const worst = measure(tested, run);
    expect(worst.rows).toBe(run.rows);
    expect(worst.loss).toBeLessThanOrEqual(factor * run.bounds.loss);
    expect(worst.gradient).toBeLessThanOrEqual(factor * run.bounds.gradient);
  });
});
