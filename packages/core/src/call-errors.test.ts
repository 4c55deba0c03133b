import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import type { CallOptions, Loss } from './loss.js';
import { messageOf } from './testing/message-of.js';

const ce = categoricalCrossEntropy();
const bce = binaryCrossEntropy();
/** Which engines there are depends on the runtime. */
const engineNames = ce.link.engines
  .filter(({ available }) => available?.() ?? true)
  .map(({ name }) => `'${name}'`)
  .join(', ');
const rows = [
  [1, 2, 0.5],
  [0.1, -1, 3],
];
const detached = new Float32Array(6);
structuredClone(detached.buffer, { transfer: [detached.buffer] });
const shared = new Float64Array(12);

type Row = readonly [
  what: string,
  loss: Loss,
  logits: unknown,
  targets: unknown,
  options: CallOptions | undefined,
  message: string,
];

const CALLS: readonly Row[] = [
  // Logits.
  [
    'logits of null',
    ce,
    null,
    [0],
    undefined,
    'TypeError: categorical-cross-entropy: "logits" expected a Float32Array, Float64Array or Float16Array, a nested array of numbers, or a tensor of such, got null; the order of the arguments is (logits, targets)',
  ],
  [
    'logits and targets swapped',
    ce,
    new Int32Array(2),
    rows,
    undefined,
    'TypeError: categorical-cross-entropy: "logits" expected a Float32Array, Float64Array or Float16Array, a nested array of numbers, or a tensor of such, got Int32Array of length 2; the order of the arguments is (logits, targets)',
  ],
  [
    'a string among the logits',
    ce,
    [[1, '2', 3]],
    [0],
    undefined,
    `TypeError: categorical-cross-entropy: "logits[1]" expected a number, got '2'`,
  ],
  [
    'a ragged array',
    ce,
    [[1, 2], [3]],
    [0, 0],
    undefined,
    'RangeError: categorical-cross-entropy: "logits[1]" expected a row of length 2 like the first, got Array of length 1',
  ],
  [
    'a detached buffer',
    ce,
    detached,
    [0, 1],
    { classes: 3 },
    'TypeError: categorical-cross-entropy: "logits" expected an array with its memory, got an array whose buffer is detached',
  ],
  [
    'a data method',
    ce,
    { data: () => [1], dims: [1, 1] },
    [0],
    undefined,
    'TypeError: categorical-cross-entropy: "logits.data" expected an array of numbers, got a method; pass { data: await tensor.data(), dims: tensor.shape }',
  ],
  [
    'a tensor without shape',
    ce,
    { data: [1, 2] },
    [0],
    undefined,
    'TypeError: categorical-cross-entropy: "logits.dims" expected an array of lengths, got undefined',
  ],
  [
    'a tensor with a fractional length',
    ce,
    { data: [1, 2], dims: [1, 2.5] },
    [0],
    undefined,
    'TypeError: categorical-cross-entropy: "logits.dims" expected an array of lengths, got [1, 2.5]',
  ],
  [
    'a tensor of another size',
    ce,
    { data: [1, 2, 3], dims: [2, 2] },
    [0, 0],
    undefined,
    'RangeError: categorical-cross-entropy: "logits.data" expected 4 numbers for shape [2, 2], got 3',
  ],
  [
    'a tensor without numbers',
    ce,
    { data: 'four', dims: [2, 2] },
    [0, 0],
    undefined,
    `TypeError: categorical-cross-entropy: "logits.data" expected an array of numbers, got 'four'`,
  ],
  [
    'a tensor of integers',
    ce,
    { data: new Int32Array(4), dims: [2, 2] },
    [0, 0],
    undefined,
    'TypeError: categorical-cross-entropy: "logits.data" expected a Float32Array, Float64Array or Float16Array, a nested array of numbers, or a tensor of such, got Int32Array of length 4; the order of the arguments is (logits, targets)',
  ],
  [
    'half bits that do not say so',
    ce,
    { data: new Uint16Array(4), dims: [2, 2] },
    [0, 0],
    undefined,
    `TypeError: categorical-cross-entropy: "logits.data" expected a Float32Array, Float64Array or Float16Array, a nested array of numbers, or a tensor of such, got Uint16Array of length 4; for binary16 bits pass a tensor with type: 'float16'`,
  ],
  [
    'a view with strides',
    ce,
    { data: new Float32Array(4), dims: [2, 2], strides: [1, 2] },
    [0, 0],
    undefined,
    'RangeError: categorical-cross-entropy: "logits.strides" expected the strides of a packed array of shape [2, 2], got [1, 2]; copy the view into a packed array first',
  ],
  [
    'a view with an offset',
    ce,
    { data: new Float32Array(4), dims: [2, 2], offset: 1 },
    [0, 0],
    undefined,
    'RangeError: categorical-cross-entropy: "logits.offset" expected 0, got 1; copy the view into a packed array first',
  ],
  // Shape.
  [
    'one class',
    ce,
    [[1], [2]],
    [0, 0],
    undefined,
    'RangeError: categorical-cross-entropy: "logits" expected at least 2 classes, got 1 (shape [2, 1]); the softmax of one class is always 1 and its loss always 0: use binaryCrossEntropy for one logit per row',
  ],
  [
    'no classes',
    ce,
    { data: [], dims: [2, 0] },
    [0, 0],
    undefined,
    'RangeError: categorical-cross-entropy: "logits" expected at least 2 classes, got 0 (shape [2, 0])',
  ],
  [
    'no axis',
    ce,
    { data: [1], dims: [] },
    0,
    undefined,
    'RangeError: categorical-cross-entropy: "logits" expected at least one axis, got shape []',
  ],
  [
    'an axis beyond the shape',
    ce,
    rows,
    [0, 0],
    { axis: 2 },
    'RangeError: categorical-cross-entropy: "axis" expected an integer from -2 to 1 for logits of shape [2, 3], got 2',
  ],
  [
    'a bare array without a class count',
    ce,
    new Float32Array(6),
    [0, 0],
    undefined,
    'TypeError: categorical-cross-entropy: "logits" expected a shape or a stated class count, got a bare array of length 6; pass { data, dims }, or the option classes',
  ],
  [
    'a bare array of no whole rows',
    ce,
    new Float32Array(7),
    [0, 0],
    { classes: 3 },
    'RangeError: categorical-cross-entropy: "logits" expected a length that is a multiple of the 3 classes, got length 7',
  ],
  [
    'a bare array with an axis',
    ce,
    new Float32Array(6),
    [0, 0],
    { classes: 3, axis: 2 },
    'TypeError: categorical-cross-entropy: "axis" expected logits with a shape, got a bare array of length 6; pass { data, dims }',
  ],
  [
    'a class count that is no integer',
    ce,
    new Float32Array(6),
    [0, 0],
    { classes: 2.5 },
    'RangeError: categorical-cross-entropy: "classes" expected an integer of at least 1, got 2.5',
  ],
  [
    'a class count other than the stated one',
    categoricalCrossEntropy({ classes: 3 }),
    new Float32Array(6),
    [0, 0],
    { classes: 2 },
    'RangeError: categorical-cross-entropy: "classes" expected 3, which the loss states, got 2',
  ],
  [
    'logits of another class count',
    categoricalCrossEntropy({ classes: 3 }),
    { data: new Float32Array(6), dims: [3, 2] },
    [0, 0, 0],
    undefined,
    'RangeError: categorical-cross-entropy: "logits" expected 3 classes along axis 1, got shape [3, 2]; if the class axis is not the last, pass axis: 0',
  ],
  [
    'logits of another class count than the weights',
    classWeighted(ce, { weights: [1, 2] }),
    rows,
    [0, 0],
    undefined,
    'RangeError: class-weighted: "logits" expected 2 classes along axis 1, got shape [2, 3]; if the class axis is not the last, pass axis: 0',
  ],
  [
    'labels for a loss over classes',
    ce,
    rows,
    [0, 0],
    { labels: 3 },
    'TypeError: categorical-cross-entropy: "labels" expected a binary loss, got a loss over classes; the class count is the option classes',
  ],
  [
    'classes for a binary loss',
    bce,
    [1, 2],
    [0, 1],
    { classes: 2 },
    'TypeError: binary-cross-entropy: "classes" expected a loss over classes, got a binary loss; the labels per row are the option labels',
  ],
  [
    'labels that do not divide',
    bce,
    new Float32Array(3),
    [0, 1, 1],
    { labels: 2 },
    'RangeError: binary-cross-entropy: "logits" expected a length that is a multiple of the 2 labels of a row, got length 3',
  ],
  [
    'labels that the shape has not',
    bce,
    [
      [1, 2],
      [3, 4],
    ],
    [
      [0, 1],
      [1, 1],
    ],
    { labels: 3 },
    'RangeError: binary-cross-entropy: "logits" expected 3 labels along axis 1, got shape [2, 2]',
  ],
  [
    'label weights that the flat tensor has not',
    positiveWeighted(bce, { weight: [1, 2] }),
    { data: [1, 2], dims: [2] },
    [0, 1],
    undefined,
    'RangeError: positive-weighted: "logits" expected rows of 2 labels, got shape [2]',
  ],
  // Targets.
  [
    'targets of a wrong shape',
    ce,
    rows,
    [[0], [1]],
    undefined,
    'RangeError: categorical-cross-entropy: "targets" expected shape [2] (class indices) or shape [2, 3] (probabilities), got shape [2, 1]',
  ],
  [
    'targets of a wrong length',
    ce,
    rows,
    [0, 1, 2],
    undefined,
    'RangeError: categorical-cross-entropy: "targets" expected shape [2] (class indices) or shape [2, 3] (probabilities), got length 3',
  ],
  [
    'the layout of PyTorch',
    ce,
    { data: new Float32Array(24), dims: [2, 3, 4] },
    { data: new Int32Array(8), dims: [2, 4] },
    undefined,
    'RangeError: categorical-cross-entropy: "targets" expected shape [2, 3] (class indices) or shape [2, 3, 4] (probabilities), got shape [2, 4]; if axis 1 of the logits holds the classes, pass axis: 1',
  ],
  [
    'no targets',
    ce,
    rows,
    undefined,
    undefined,
    'TypeError: categorical-cross-entropy: "targets" expected a typed array, a nested array of numbers, or a tensor of such, got undefined',
  ],
  [
    'a label out of range',
    ce,
    rows,
    [0, 3],
    undefined,
    'RangeError: categorical-cross-entropy: "targets[1]" expected an integer class index in 0..2, got 3; if the label marks rows to leave out, pass ignoreIndex: 3',
  ],
  [
    'a fractional label',
    ce,
    rows,
    [0, 1.5],
    undefined,
    'RangeError: categorical-cross-entropy: "targets[1]" expected an integer class index in 0..2, got 1.5',
  ],
  [
    'a NaN label',
    ce,
    rows,
    [0, Number.NaN],
    undefined,
    'RangeError: categorical-cross-entropy: "targets[1]" expected an integer class index in 0..2, got NaN',
  ],
  [
    'the label -100',
    ce,
    rows,
    new BigInt64Array([0n, -100n]),
    undefined,
    'RangeError: categorical-cross-entropy: "targets[1]" expected an integer class index in 0..2, got -100; if the label marks rows to leave out, pass ignoreIndex: -100',
  ],
  [
    'a row that sums to less than one',
    ce,
    rows,
    [
      [0, 1, 0],
      [0.2, 0.2, 0.2],
    ],
    undefined,
    'RangeError: categorical-cross-entropy: "targets[3]" expected a row of probabilities that sums to 1 (row 1), got a sum of 0.6000000000000001; for multi-hot or other unnormalised targets pass unnormalized: true',
  ],
  [
    'a negative probability',
    ce,
    rows,
    [
      [0, 1, 0],
      [-0.2, 1, 0.2],
    ],
    undefined,
    'RangeError: categorical-cross-entropy: "targets[3]" expected a probability in [0, 1], got -0.2',
  ],
  [
    'a negative unnormalised target',
    ce,
    rows,
    [
      [0, 1, 0],
      [-0.2, 1, 0.2],
    ],
    { unnormalized: true },
    'RangeError: categorical-cross-entropy: "targets[3]" expected a finite number of at least 0, got -0.2',
  ],
  [
    'a binary target of 2',
    bce,
    [1, 2],
    [0, 2],
    undefined,
    'RangeError: binary-cross-entropy: "targets[1]" expected a number in [0, 1], got 2; if the target marks elements to leave out, pass ignoreIndex: 2',
  ],
  [
    'a binary target of -1',
    bce,
    [1, 2],
    [-1, 1],
    undefined,
    'RangeError: binary-cross-entropy: "targets[0]" expected a number in [0, 1], got -1; if the target marks elements to leave out, pass ignoreIndex: -1',
  ],
  [
    'binary targets of another shape',
    bce,
    [[1, 2]],
    [[1], [0]],
    undefined,
    'RangeError: binary-cross-entropy: "targets" expected shape [1, 2], that of the logits, got shape [2, 1]',
  ],
  // Weights, masks, ignoring.
  [
    'a negative sample weight',
    ce,
    rows,
    [0, 1],
    { sampleWeights: [1, -1] },
    'RangeError: categorical-cross-entropy: "sampleWeights[1]" expected a finite number of at least 0, got -1',
  ],
  [
    'sample weights of another length',
    ce,
    rows,
    [0, 1],
    { sampleWeights: [1] },
    'RangeError: categorical-cross-entropy: "sampleWeights" expected shape [2], got length 1',
  ],
  [
    'binary sample weights of another length',
    bce,
    [[1, 2]],
    [[1, 0]],
    { sampleWeights: [1, 2, 3] },
    'RangeError: binary-cross-entropy: "sampleWeights" expected shape [1] (per row) or shape [1, 2] (per element), got length 3',
  ],
  [
    'label weights of another length',
    bce,
    [[1, 2]],
    [[1, 0]],
    { labelWeights: [1] },
    'RangeError: binary-cross-entropy: "labelWeights" expected 2 weights, one per label, got 1',
  ],
  [
    'an infinite label weight',
    bce,
    [[1, 2]],
    [[1, 0]],
    { labelWeights: [1, Infinity] },
    'RangeError: binary-cross-entropy: "labelWeights[1]" expected a finite number of at least 0, got Infinity',
  ],
  [
    'label weights over classes',
    ce,
    rows,
    [0, 1],
    { labelWeights: [1, 2, 3] },
    'TypeError: categorical-cross-entropy: "labelWeights" expected a binary loss, got a loss over classes; weights per class are classWeighted(loss, { weights })',
  ],
  [
    'a mask of 2',
    ce,
    rows,
    [0, 1],
    { mask: [1, 2] },
    'RangeError: categorical-cross-entropy: "mask[1]" expected 1 or true to keep, 0 or false to leave out, got 2',
  ],
  [
    'a mask of strings',
    ce,
    rows,
    [0, 1],
    { mask: ['yes', 'no'] as never },
    `TypeError: categorical-cross-entropy: "mask[0]" expected a number, got 'yes'`,
  ],
  [
    'an ignored index that is no integer',
    ce,
    rows,
    [0, 1],
    { ignoreIndex: 0.5 },
    'TypeError: categorical-cross-entropy: "ignoreIndex" expected an integer or an array of integers, got 0.5',
  ],
  [
    'an ignored index with probabilities',
    ce,
    rows,
    rows.map(() => [0, 1, 0]),
    { ignoreIndex: 1 },
    'TypeError: categorical-cross-entropy: "ignoreIndex" expected index targets, got probability targets; leave rows out with the option mask',
  ],
  // Options.
  [
    'options that are no object',
    ce,
    rows,
    [0, 1],
    3 as never,
    'TypeError: categorical-cross-entropy: "options" expected an object, got 3',
  ],
  [
    'an unknown option',
    ce,
    rows,
    [0, 1],
    { reduce: 'sum' } as never,
    `TypeError: categorical-cross-entropy: "options" expected one of the options axis, classes, labels, input, sampleWeights, labelWeights, ignoreIndex, mask, reduction, denominator, whenEmpty, invalid, unnormalized, clip, gradient, losses, engine, perClass, accuracy, calibration, floor, argmax, probabilities, hessianDiagonal, got 'reduce'`,
  ],
  [
    'reduction none',
    ce,
    rows,
    [0, 1],
    { reduction: 'none' as never },
    `RangeError: categorical-cross-entropy: "reduction" expected one of 'mean', 'sum', got 'none'; for the loss of each row use evaluate with losses: true`,
  ],
  [
    'a denominator of 0',
    ce,
    rows,
    [0, 1],
    { denominator: 0 },
    `RangeError: categorical-cross-entropy: "denominator" expected a finite number greater than 0, 'weight', 'rows' or 'elements', got 0`,
  ],
  [
    'a denominator of another name',
    ce,
    rows,
    [0, 1],
    { denominator: 'batch' as never },
    `RangeError: categorical-cross-entropy: "denominator" expected one of 'weight', 'rows', 'elements', got 'batch'`,
  ],
  [
    'another input',
    ce,
    rows,
    [0, 1],
    { input: 'scores' as never },
    `RangeError: categorical-cross-entropy: "input" expected one of 'logits', 'probabilities', 'log-probabilities', got 'scores'`,
  ],
  [
    'a flag that is none',
    ce,
    rows,
    [0, 1],
    { unnormalized: 1 as never },
    'TypeError: categorical-cross-entropy: "unnormalized" expected true or false, got 1',
  ],
  [
    'a clip on logits',
    ce,
    rows,
    [0, 1],
    { clip: 1e-7 },
    `TypeError: categorical-cross-entropy: "clip" expected input: 'probabilities', got input: 'logits'; logits need no clip: their loss is finite and exact`,
  ],
  [
    'a clip of 1',
    ce,
    rows,
    [0, 1],
    { input: 'probabilities', clip: 1 },
    'RangeError: categorical-cross-entropy: "clip" expected a number in [0, 0.5], got 1',
  ],
  [
    'an unknown engine',
    ce,
    rows,
    [0, 1],
    { engine: 'gpu' },
    `RangeError: categorical-cross-entropy: "engine" expected one of ${engineNames}, got 'gpu'`,
  ],
  // Outputs.
  [
    'a gradient buffer of another length',
    ce,
    rows,
    [0, 1],
    { gradient: new Float64Array(5) },
    'RangeError: categorical-cross-entropy: "gradient" expected length 6, one per logit, got length 5',
  ],
  [
    'a gradient buffer of integers',
    ce,
    rows,
    [0, 1],
    { gradient: new Int32Array(6) as never },
    'TypeError: categorical-cross-entropy: "gradient" expected true, a Float32Array or a Float64Array, got Int32Array of length 6',
  ],
  [
    'half bits for float logits',
    ce,
    rows,
    [0, 1],
    { gradient: new Uint16Array(6) },
    'TypeError: categorical-cross-entropy: "gradient" expected true, a Float32Array or a Float64Array, got Uint16Array of length 6',
  ],
  [
    'losses of another length',
    ce,
    rows,
    [0, 1],
    { losses: new Float64Array(6) },
    'RangeError: categorical-cross-entropy: "losses" expected length 2, one per row, got length 6',
  ],
  [
    'a gradient buffer over the logits',
    ce,
    shared.subarray(0, 6),
    [0, 1],
    { classes: 3, gradient: shared.subarray(3, 9) },
    'RangeError: categorical-cross-entropy: "gradient" expected memory of its own, got memory shared with "logits"',
  ],
  [
    'losses over the gradient',
    ce,
    rows,
    [0, 1],
    { gradient: shared.subarray(0, 6), losses: shared.subarray(5, 7) },
    'RangeError: categorical-cross-entropy: "losses" expected memory of its own, got memory shared with "gradient"',
  ],
  [
    'a detached output',
    ce,
    new Float32Array(0),
    [],
    { classes: 3, gradient: detached },
    'TypeError: categorical-cross-entropy: "gradient" expected an array with its memory, got an array whose buffer is detached',
  ],
  [
    'a mean over nothing',
    ce,
    rows,
    [0, 1],
    { mask: [0, 0], whenEmpty: 'throw' },
    `RangeError: categorical-cross-entropy: "denominator" expected something to divide by, got 0; a mean over nothing is NaN with whenEmpty: 'nan' and 0 with whenEmpty: 'zero'`,
  ],
];

const BAD_LOGITS: readonly Row[] = [
  [
    'a NaN logit',
    ce,
    [
      [1, 2, 3],
      [1, Number.NaN, 3],
    ],
    [0, 1],
    undefined,
    `RangeError: categorical-cross-entropy: "logits[4]" expected a finite number or -Infinity, got NaN; to let it through as NaN pass invalid: 'propagate'`,
  ],
  [
    'an infinite logit',
    ce,
    [
      [1, 2, 3],
      [1, 3, Infinity],
    ],
    [0, 1],
    undefined,
    `RangeError: categorical-cross-entropy: "logits[5]" expected a finite number or -Infinity, got Infinity; to let it through as NaN pass invalid: 'propagate'`,
  ],
  [
    'a row of masked classes',
    ce,
    [
      [1, 2, 3],
      [-Infinity, -Infinity, -Infinity],
    ],
    [0, 1],
    undefined,
    'RangeError: categorical-cross-entropy: "logits[3]" expected a class other than -Infinity in row 1, got only -Infinity',
  ],
  [
    'a NaN logit along another axis',
    ce,
    { data: [1, 2, 3, 4, 5, Number.NaN], dims: [3, 2] },
    [0, 1],
    { axis: 0 },
    `RangeError: categorical-cross-entropy: "logits[5]" expected a finite number or -Infinity, got NaN; to let it through as NaN pass invalid: 'propagate'`,
  ],
  [
    'a NaN binary logit',
    bce,
    [1, Number.NaN],
    [0, 1],
    undefined,
    `RangeError: binary-cross-entropy: "logits[1]" expected a number, got NaN; to let it through as NaN pass invalid: 'propagate'`,
  ],
  [
    'a probability above 1',
    bce,
    [0.5, 1.5],
    [0, 1],
    { input: 'probabilities' },
    'RangeError: binary-cross-entropy: "probabilities[1]" expected a probability in [0, 1], got 1.5; for logits leave the option input out',
  ],
  [
    'probabilities that do not sum to one',
    ce,
    [
      [0.5, 0.5, 0],
      [0.5, 0.25, 0],
    ],
    [0, 1],
    { input: 'probabilities' },
    'RangeError: categorical-cross-entropy: "probabilities[3]" expected a row of probabilities that sums to 1 (row 1), got a sum of 0.75; to take it as it is pass unnormalized: true',
  ],
  [
    'a binary log-probability above 0',
    bce,
    [-1, 0.5],
    [0, 1],
    { input: 'log-probabilities' },
    'RangeError: binary-cross-entropy: "log-probabilities[1]" expected a log-probability of at most 0, got 0.5; for logits leave the option input out',
  ],
  [
    'an infinite log-probability',
    ce,
    [
      [-1, -2, 0],
      [-1, Infinity, 0],
    ],
    [0, 1],
    { input: 'log-probabilities' },
    `RangeError: categorical-cross-entropy: "log-probabilities[4]" expected a finite number or -Infinity, got Infinity; to let it through as NaN pass invalid: 'propagate'`,
  ],
];

/** Buffers of the sizes that these calls need, filled with a number no call computes. */
function outputs(rowsOf: number, size: number): { gradient: Float64Array; losses: Float64Array } {
  return { gradient: new Float64Array(size).fill(77), losses: new Float64Array(rowsOf).fill(77) };
}

describe('a call refused before the first write', () => {
  it.each(CALLS)('says what is wrong: %s', (_, loss, logits, targets, options, message) => {
    expect(messageOf(() => loss.evaluate(logits as never, targets as never, options))).toBe(message);
  });

  it.each(
    CALLS.filter(
      ([, , , , options]) =>
        typeof options !== 'number' && options?.gradient === undefined && options?.losses === undefined,
    ),
  )('leaves the outputs untouched: %s', (_, loss, logits, targets, options) => {
    const buffers = outputs(2, loss === bce ? 2 : 6);
    // Where the shape is what is wrong the buffers may be refused first: either way nothing is written.
    expect(messageOf(() => loss.evaluate(logits as never, targets as never, { ...options, ...buffers }))).toMatch(
      /^(Range|Type)Error: [a-z-]+: "/,
    );
    expect([...buffers.gradient, ...buffers.losses].every((value) => value === 77)).toBe(true);
  });
});

describe('a bad logit found in a tile', () => {
  it.each(BAD_LOGITS)('says what is wrong: %s', (_, loss, logits, targets, options, message) => {
    expect(messageOf(() => loss.evaluate(logits as never, targets as never, options))).toBe(message);
  });

  it.each(BAD_LOGITS)('leaves the outputs filled with NaN: %s', (_, loss, logits, targets, options, message) => {
    const buffers = outputs(2, loss === bce ? 2 : 6);
    expect(messageOf(() => loss.evaluate(logits as never, targets as never, { ...options, ...buffers }))).toBe(message);
    expect([...buffers.gradient, ...buffers.losses].every(Number.isNaN)).toBe(true);
  });
});
