import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { CallOptions } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import type { EquivalenceCase } from './equivalence-case.js';
import { withSteps, withSurprisal, type FamilyLoss } from './plan-of.js';

const e = { smoothing: 0.1 };
const w3 = { weights: [1, 2, 3] };
const softmax = categoricalCrossEntropy();
const sigmoid = binaryCrossEntropy();

const CATEGORICAL: Readonly<Record<string, FamilyLoss>> = {
  plain: softmax,
  'weighted by ones': classWeighted(softmax, { weights: [1, 1, 1] }),
  weighted: classWeighted(softmax, w3),
  'weighted, one 0': classWeighted(softmax, { weights: [0, 2, 3] }),
  'weighted twice': classWeighted(classWeighted(softmax, w3), { weights: [0.5, 0.25, 2] }),
  'weighted, uncounted': withSteps(softmax, 'uncounted', {
    kind: 'scale',
    by: 'outcome',
    weights: [1, 2, 3],
    counted: false,
  }),
  smoothed: labelSmoothed(softmax, e),
  'smoothed twice': labelSmoothed(labelSmoothed(softmax, e), { smoothing: 0.2 }),
  'smoothed over others': labelSmoothed(softmax, { smoothing: 0.1, spread: 'others' }),
  'smoothed over others, 3 classes': labelSmoothed(categoricalCrossEntropy({ classes: 3 }), {
    smoothing: 0.1,
    spread: 'others',
  }),
  'smoothed, then weighted': labelSmoothed(classWeighted(softmax, w3), e),
  'smoothed, then weighted, uncounted': labelSmoothed(
    withSteps(softmax, 'uncounted', { kind: 'scale', by: 'outcome', weights: [1, 2, 3], counted: false }),
    e,
  ),
  'weighted, then smoothed': classWeighted(labelSmoothed(softmax, e), w3),
  'smoothed, weighted, smoothed': labelSmoothed(classWeighted(labelSmoothed(softmax, e), w3), e),
  scaled: withSteps(softmax, 'temperature', { kind: 'affine', scale: 0.5 }),
  adjusted: withSteps(softmax, 'logit-adjusted', { kind: 'affine', scale: 1, offsets: [-1.5, -0.5, -2] }),
  'adjusted, capped': withSteps(
    softmax,
    'steps',
    { kind: 'affine', scale: 2, offsets: [1, 0, -1] },
    { kind: 'softcap', cap: 3 },
  ),
  'capped, adjusted': withSteps(
    softmax,
    'steps',
    { kind: 'softcap', cap: 3 },
    { kind: 'affine', scale: 2, offsets: [1, 0, -1] },
  ),
  'adjusted twice': withSteps(
    softmax,
    'steps',
    { kind: 'affine', scale: 2, offsets: [1, 0, -1] },
    { kind: 'affine', scale: 2, offsets: [1, 0, -2] },
  ),
  masked: withSteps(softmax, 'class-mask', { kind: 'classMask', allowed: [true, true, true] }),
  'margin, scaled, weighted': classWeighted(
    withSteps(softmax, 'margin', { kind: 'affine', scale: 2 }, { kind: 'margin', margins: [0.5, 0.25, 0.125] }),
    w3,
  ),
  'z-loss, smoothed': labelSmoothed(withSteps(softmax, 'z-loss', { kind: 'partition', strength: 0.01 }), e),
  'z-loss, weighted': classWeighted(withSteps(softmax, 'z-loss', { kind: 'partition', strength: 0.01 }), w3),
  focal: withSurprisal(softmax, 'focal', [1, 2, 0]),
  'focal, smoothed, then weighted': labelSmoothed(classWeighted(withSurprisal(softmax, 'focal', [1, 1.5, 0]), w3), e),
  'focal, weighted, then smoothed': classWeighted(labelSmoothed(withSurprisal(softmax, 'focal', [1, 1.5, 0]), e), w3),
  'poly-1': withSurprisal(softmax, 'poly1', [1, 0, 0], [1, 0, 1]),
  generalized: withSurprisal(softmax, 'generalized', [1, 0, 0.7]),
  'generalized, weighted': classWeighted(withSurprisal(softmax, 'generalized', [1, 0, 0.7]), w3),
};

const BINARY: Readonly<Record<string, FamilyLoss>> = {
  plain: sigmoid,
  smoothed: labelSmoothed(sigmoid, e),
  'smoothed over the other': labelSmoothed(sigmoid, { smoothing: 0.1, spread: 'others' }),
  'positive weight': positiveWeighted(sigmoid, { weight: 3 }),
  'outcome weights': classWeighted(sigmoid, { weights: [0.5, 3] }),
  'outcome weights, one 0': classWeighted(sigmoid, { weights: [0, 3] }),
  'both weights': classWeighted(positiveWeighted(sigmoid, { weight: 3 }), { weights: [0.5, 3] }),
  'smoothed, then positive weight': labelSmoothed(positiveWeighted(sigmoid, { weight: 3 }), e),
  'positive weight, then smoothed': positiveWeighted(labelSmoothed(sigmoid, e), { weight: 3 }),
  'smoothed, then outcome weights': labelSmoothed(classWeighted(sigmoid, { weights: [0.5, 3] }), e),
  'outcome weights, then smoothed': classWeighted(labelSmoothed(sigmoid, e), { weights: [0.5, 3] }),
  'adjusted, capped': withSteps(
    sigmoid,
    'steps',
    { kind: 'affine', scale: 2, offsets: [0.5, -0.25] },
    { kind: 'softcap', cap: 3 },
  ),
  focal: withSurprisal(sigmoid, 'focal', [1, 2, 0]),
  'focal, smoothed': labelSmoothed(withSurprisal(sigmoid, 'focal', [1, 2, 0]), e),
  'focal, alpha': classWeighted(withSurprisal(sigmoid, 'focal', [1, 2, 0]), { weights: [0.75, 0.25] }),
  'focal, weights of another sum than 1': classWeighted(withSurprisal(sigmoid, 'focal', [1, 2, 0]), {
    weights: [0.5, 0.25],
  }),
  'focal, weights that are no alpha': classWeighted(withSurprisal(sigmoid, 'focal', [1, 2, 0]), { weights: [0.5, 3] }),
};

const BY_LABEL: Readonly<Record<string, FamilyLoss>> = {
  'positive weights': positiveWeighted(sigmoid, { weight: [3, 0.5] }),
  'smoothed, then positive weights': labelSmoothed(positiveWeighted(sigmoid, { weight: [3, 0.5] }), e),
  'positive weights, then smoothed': positiveWeighted(labelSmoothed(sigmoid, e), { weight: [3, 0.5] }),
};

const DIVISORS: readonly CallOptions[] = [
  {},
  { denominator: 'rows' },
  { denominator: 'elements' },
  { denominator: 32 },
  { reduction: 'sum' },
];

const SOFTMAX_LOGITS = [
  [1, 2, 0.5],
  [0.1, -1, 3],
  [2, 2, 2],
  [-1, 0, 4],
  [0.3, -0.7, 1.1],
];
const BINARY_LOGITS = [2, -1, 0.5, -3, 0.25];
const LABEL_LOGITS = [
  [2, -1],
  [0.5, -3],
  [1.5, 0.25],
];
const s5 = [0.5, 2, 1.25, 0.75, 3];
const log = (rows: readonly number[][]): number[][] => rows.map((row) => row.map(Math.log));
const probabilities = SOFTMAX_LOGITS.map((row) => {
  const sum = row.reduce((total, z) => total + Math.exp(z), 0);
  return row.map((z) => Math.exp(z) / sum);
});

/** Every loss of a list under every divisor, every way to weigh and leave out rows, and every kind of targets and input. */
function cross(
  losses: Readonly<Record<string, FamilyLoss>>,
  calls: readonly Omit<EquivalenceCase, 'title' | 'loss'>[],
): readonly EquivalenceCase[] {
  return Object.entries(losses).flatMap(([name, loss]) =>
    calls.flatMap((call) =>
      DIVISORS.map((divisor) => {
        const options = { ...call.options, ...divisor };
        return { ...call, loss, options, title: `${name} ${call.hard ? 'hard' : 'soft'} ${JSON.stringify(options)}` };
      }),
    ),
  );
}

const labels = [1, 2, 0, 1, 2];
const rows = [
  [0.2, 0.3, 0.5],
  [0, 1, 0],
  [0.25, 0.5, 0.25],
  [0.9, 0.1, 0],
  [0.6, 0.2, 0.2],
];
const hard = { logits: SOFTMAX_LOGITS, targets: labels, hard: true, options: {} };
const soft = { logits: SOFTMAX_LOGITS, targets: rows, hard: false, options: {} };
const zeroOne = { logits: BINARY_LOGITS, targets: [1, 1, 0, 0, 1], hard: true, options: {} };
const between = { logits: BINARY_LOGITS, targets: [0.75, 1, 0, 0.125, 0.5], hard: false, options: {} };
const table = {
  logits: LABEL_LOGITS,
  targets: [
    [1, 0],
    [1, 1],
    [0, 0],
  ],
  hard: true,
  options: {},
};
const mask = [1, 0, 1, 1, 0];

/** Two of three classes left. */
const twoLeft = withSteps(softmax, 'class-mask', { kind: 'classMask', allowed: [true, true, false] });
const MASKED: Readonly<Record<string, FamilyLoss>> = {
  masked: twoLeft,
  'masked, smoothed': labelSmoothed(twoLeft, e),
  'masked, weighted': classWeighted(twoLeft, w3),
};

/** Whether a call is one that the loss takes, so that there is a value to compare. */
function isTaken({ loss, hard: isHard, options }: EquivalenceCase): boolean {
  const kinds = new Set(loss.plan?.map(({ kind }) => kind));
  if (!isHard && kinds.has('margin')) return false;
  return (
    options.input === undefined ||
    !['affine', 'softcap', 'classMask', 'margin', 'partition'].some((kind) => kinds.has(kind as 'affine'))
  );
}

/** The cases under which the table is executed. */
export const EQUIVALENCE_CASES: readonly EquivalenceCase[] = [
  ...cross(CATEGORICAL, [
    hard,
    soft,
    { ...hard, options: { sampleWeights: s5 } },
    { ...soft, options: { sampleWeights: s5 } },
    { ...hard, targets: [1, 2, -100, 1, 2], options: { ignoreIndex: -100 } },
    { ...hard, options: { ignoreIndex: 2, sampleWeights: s5 } },
    { ...hard, options: { ignoreIndex: 2 } },
    { ...hard, options: { ignoreIndex: [0, 1] } },
    { ...hard, options: { mask } },
    { ...soft, options: { mask, sampleWeights: s5 } },
    { ...hard, logits: probabilities, options: { input: 'probabilities' } },
    { ...soft, logits: probabilities, options: { input: 'probabilities', sampleWeights: s5 } },
    { ...hard, logits: log(probabilities), options: { input: 'log-probabilities' } },
    {
      ...soft,
      targets: [
        [1, 0, 1],
        [0, 2, 0],
        [1, 1, 1],
        [0, 0, 0],
        [0.5, 0, 0],
      ],
      options: { unnormalized: true },
    },
  ]),
  ...cross(MASKED, [
    { ...hard, targets: [1, 0, 0, 1, 1] },
    {
      ...soft,
      targets: [
        [0.5, 0.5, 0],
        [1, 0, 0],
        [0.25, 0.75, 0],
        [0, 1, 0],
        [0.125, 0.875, 0],
      ],
    },
    { ...hard, targets: [1, 0, 0, 1, 1], options: { sampleWeights: s5 } },
  ]),
  ...cross(BINARY, [
    zeroOne,
    between,
    { ...zeroOne, options: { sampleWeights: s5 } },
    { ...between, options: { sampleWeights: s5 } },
    { ...zeroOne, options: { mask, sampleWeights: s5 } },
    { ...zeroOne, targets: [1, -1, 0, 0, -1], options: { ignoreIndex: -1 } },
    { ...between, logits: [0.9, 0.25, 0.5, 0.05, 0.625], options: { input: 'probabilities' } },
  ]),
  ...cross({ ...BINARY, ...BY_LABEL }, [
    table,
    { ...table, options: { labelWeights: [2, 0.25] } },
    {
      ...table,
      targets: [
        [0.75, 0],
        [0.5, 1],
        [0.125, 0],
      ],
      hard: false,
      options: {
        sampleWeights: [
          [1, 2],
          [0.5, 3],
          [1, 1.5],
        ],
        labelWeights: [2, 0.25],
      },
    },
  ]).filter(
    ({ loss, options }) =>
      loss.plan?.some((step) => step.kind === 'surprisal') !== true || options.labelWeights === undefined,
  ),
  ...cross(BY_LABEL, [
    {
      ...table,
      options: {
        mask: [
          [1, 0],
          [1, 1],
          [0, 1],
        ],
      },
    },
  ]),
].filter(isTaken);
