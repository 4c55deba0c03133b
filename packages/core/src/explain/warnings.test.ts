import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { explain, type CallOptions, type Loss } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { withSteps, withSurprisal } from '../testing-explain/plan-of.js';

const softmax = categoricalCrossEntropy();
const sigmoid = binaryCrossEntropy();
const e = { smoothing: 0.1 };

function warnings(loss: Loss, options?: CallOptions): readonly string[] {
  return explain(loss, options)
    .split('\n')
    .flatMap((line) => (line.startsWith('Warning: ') ? [line.slice('Warning: '.length)] : []));
}

const INSTEAD = 'classWeighted(labelSmoothed(...)) weighs the row by its label instead.';
const INSIDE =
  'With the smoothing inside, as in positiveWeighted(labelSmoothed(...)), the optimum is that of the smoothed target.';

describe('weights after smoothing, over classes', () => {
  it('name the label whose optimum is another class, and its probability there', () => {
    expect(warnings(labelSmoothed(classWeighted(softmax, { weights: [0.01, 0.99] }), e))).toStrictEqual([
      `The weights act after the smoothing and make a wrong class the optimum for y = 0: at y = 0 the loss is least at p_0 = 0.161, with class 1 above it. ${INSTEAD}`,
    ]);
  });

  it('name several labels, and the second heaviest class as the rival of the heaviest', () => {
    expect(warnings(labelSmoothed(classWeighted(softmax, { weights: [1, 0.01, 100, 0.02] }), e))[0]).toContain(
      'for y = 0, 1, 3: at y = 0 the loss is least at p_0 = 0.27, with class 2 above it',
    );
  });

  it('are the optimum that the gradient has: it is 0 at p_0 = 0.161', () => {
    const loss = labelSmoothed(classWeighted(softmax, { weights: [0.01, 0.99] }), e);
    const p = (0.01 * 0.95) / (0.01 * 0.95 + 0.99 * 0.05);
    const { gradient } = loss.valueAndGradient([[Math.log(p), Math.log(1 - p)]], [0]);
    expect(Math.abs(gradient[0])).toBeLessThan(1e-15);
    expect(p.toFixed(3)).toBe('0.161');
  });

  it.each([
    [
      'light weights leave every label its own optimum',
      labelSmoothed(classWeighted(softmax, { weights: [1, 2, 3] }), e),
    ],
    ['weights before smoothing', classWeighted(labelSmoothed(softmax, e), { weights: [0.01, 0.99] })],
    ['no smoothing', classWeighted(softmax, { weights: [0.01, 0.99] })],
    [
      'the exact bound is no wrong optimum',
      labelSmoothed(classWeighted(softmax, { weights: [1, 3] }), { smoothing: 0.5 }),
    ],
  ] as const)('are no warning: %s', (_, loss) => {
    expect(warnings(loss)).toStrictEqual([]);
  });

  it('leave classes out that a class mask leaves out', () => {
    const masked = withSteps(softmax, 'class-mask', { kind: 'classMask', allowed: [true, true, false] });
    expect(warnings(labelSmoothed(classWeighted(masked, { weights: [1, 2, 1000] }), e))).toStrictEqual([
      'Smoothing spreads over the classes that the class mask leaves; a framework given -Infinity logits would spread over all and return Infinity.',
    ]);
  });
});

describe('weights after smoothing, binary', () => {
  const uncounted = 'The mean does not divide by the positive weight: larger weights make value and gradient larger.';

  it('say where a positive weight drives smoothed negatives', () => {
    expect(warnings(labelSmoothed(positiveWeighted(sigmoid, { weight: 100 }), e))).toStrictEqual([
      `The weights act after the smoothing and drive negatives to p = 0.84 (without weights 0.05), the wrong side of 0.5. ${INSIDE}`,
      uncounted,
    ]);
  });

  it('take the largest of the weights by label, and say nothing of 0.5 where it is not passed', () => {
    expect(warnings(labelSmoothed(positiveWeighted(sigmoid, { weight: [1, 3] }), e))).toStrictEqual([
      `The weights act after the smoothing and drive negatives to p = 0.136 (without weights 0.05). ${INSIDE}`,
      uncounted,
    ]);
  });

  it('say where a heavy negative outcome drives smoothed positives', () => {
    expect(warnings(labelSmoothed(classWeighted(sigmoid, { weights: [100, 1] }), e))).toStrictEqual([
      `The weights act after the smoothing and drive positives to p = 0.16 (without weights 0.95), the wrong side of 0.5. ${INSIDE}`,
    ]);
  });

  it('say nothing of them where the smoothing is inside', () => {
    expect(warnings(positiveWeighted(labelSmoothed(sigmoid, e), { weight: 100 }))).toStrictEqual([uncounted]);
  });
});

describe('surprisals that others define otherwise', () => {
  const modulated =
    'torchvision, Keras and optax compute another loss: they modulate by 1 - p_t with p_t = p y + (1 - p)(1 - y), this one each outcome by its own 1 - p.';
  const focal = withSurprisal(sigmoid, 'focal', [1, 2, 0]);

  it('warn of binary focal, with the targets that differ', () => {
    expect(warnings(focal)).toStrictEqual([`With targets other than 0 and 1 ${modulated}`]);
    expect(warnings(labelSmoothed(focal, e))).toStrictEqual([`With these smoothed targets ${modulated}`]);
  });

  it('do not warn of focal over classes, which Keras has for any target', () => {
    expect(warnings(withSurprisal(softmax, 'focal', [1, 2, 0]))).toStrictEqual([]);
  });

  it('warn of symmetric cross-entropy, and not of poly-1', () => {
    expect(warnings(withSurprisal(softmax, 'symmetric', [0.1, 0, 0], [4, 0, 1]))).toStrictEqual([
      'With probability or smoothed targets q this differs from Wang et al. (2019), whose reverse term is -sum_c p_c log q_c; here it is the sum of q_c (1 - p_c). For hard labels they are the same.',
    ]);
    expect(warnings(withSurprisal(softmax, 'poly-1', [1, 0, 0], [1, 0, 1]))).toStrictEqual([]);
  });
});

describe('means that leave weights out', () => {
  const weighted = classWeighted(softmax, { weights: [1, 2, 3] });
  const left = (names: string): string =>
    `The mean does not divide by the ${names}: larger weights make value and gradient larger.`;

  it.each([
    [weighted, { denominator: 'rows', sampleWeights: [1] }, left('class weights and sample weights')],
    [weighted, { denominator: 'elements' }, left('class weights')],
    [sigmoid, { denominator: 'rows', labelWeights: [1, 2] }, left('label weights')],
  ] as const)('are named (%#)', (loss, options, warning) => {
    expect(warnings(loss, options)).toStrictEqual([warning]);
  });

  it.each([
    {},
    { reduction: 'sum', denominator: 'rows' },
    { denominator: 32 },
    { denominator: 'weight', sampleWeights: [1] },
  ] as const)('are not where they count, or where nobody said mean: %o', (options) => {
    expect(warnings(weighted, options)).toStrictEqual([]);
  });
});

it('a call that the loss refuses is announced', () => {
  const scaled = withSteps(softmax, 'temperature', { kind: 'affine', scale: 0.5 });
  expect(warnings(scaled, { input: 'probabilities' })).toStrictEqual([
    "A call with input: 'probabilities' is refused: the step 'affine' needs logits.",
  ]);
});
