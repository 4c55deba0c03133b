import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { defineLoss, explain, type CallOptions, type Loss } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { withSteps, withSurprisal } from '../testing-explain/plan-of.js';

const softmax = categoricalCrossEntropy();
const sigmoid = binaryCrossEntropy();
const e = { smoothing: 0.1 };
const w = { weights: [1, 2, 3] };

/** What a test expects, one line each. */
function lines(...text: readonly string[]): string {
  return text.join('\n');
}

const OVER = 'u is 1 at the label, or the probabilities given.';
const ROW = 'Loss of a row: sum_c u_c psi(l_c), l = log softmax(z); cross-entropy, psi(l) = -l.';
const ELEMENT = 'Loss of an element: u_1 psi(log p) + u_0 psi(log(1 - p)), p = sigmoid(z); cross-entropy, psi(l) = -l.';
const SMOOTHING = "label smoothing 0.1: u'_c = 0.9 u_c + 0.1 |u| / C.";
const WEIGHTS = "class weights w = [1, 2, 3]: u'_c = w_c u_c.";
const CLIPS = '(scikit-learn clips probabilities at the machine epsilon of their type)';
const FIT = '(sample_weight=w[y] is what fit(class_weight=w) passes)';
const BY_NUMBER = 'Value: the mean, the sum over rows divided by their number.';
const BY_WEIGHT =
  'Value: the mean, the sum over rows divided by the sum of w_y (w_y: the weight of the target as given, sum_c w_c q_c).';
const NAMES =
  'Names: z the logits [N, C]; y the class indices; q the target probabilities, one-hot rows for class indices';
const NONE = 'No call of PyTorch, Keras, scikit-learn, ONNX or TensorFlow.js does the same.';

describe('explain says the whole of', () => {
  it('cross-entropy', () => {
    expect(explain(softmax)).toBe(
      lines(
        `categorical-cross-entropy: softmax link over classes; ${OVER}`,
        ROW,
        BY_NUMBER,
        'The same elsewhere:',
        '  PyTorch (class indices): F.cross_entropy(z, y)',
        '  PyTorch (probability targets): F.cross_entropy(z, q)',
        '  Keras (class indices): keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, z)',
        '  Keras (probability targets): keras.losses.CategoricalCrossentropy(from_logits=True)(q, z)',
        `  scikit-learn (class indices): sklearn.metrics.log_loss(y, scipy.special.softmax(z, axis=1), labels=range(C)) ${CLIPS}`,
        '  ONNX (class indices): SoftmaxCrossEntropyLoss(z, y, reduction="mean")',
        '  TensorFlow.js: tf.losses.softmaxCrossEntropy(q, z)',
        `${NAMES}; C the class count.`,
      ),
    );
  });

  it('a sum with rows left out', () => {
    expect(explain(softmax, { reduction: 'sum', ignoreIndex: 255 })).toBe(
      lines(
        `categorical-cross-entropy: softmax link over classes; ${OVER}`,
        ROW,
        'Value: the sum over rows, divided by nothing; rows left out count nowhere.',
        'The same elsewhere:',
        '  PyTorch (class indices): F.cross_entropy(z, y, ignore_index=255, reduction="sum")',
        '  Keras (class indices): keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=255, reduction="sum")(y, z)',
        `  scikit-learn (class indices) (on the kept rows): sklearn.metrics.log_loss(y, scipy.special.softmax(z, axis=1), labels=range(C), normalize=False) ${CLIPS}`,
        '  ONNX (class indices): SoftmaxCrossEntropyLoss(z, y, ignore_index=255, reduction="sum")',
        '  TensorFlow.js (on the kept rows): tf.losses.softmaxCrossEntropy(q, z, undefined, 0, tf.Reduction.SUM)',
        `${NAMES}; C the class count.`,
        'Kept rows: z[keep], y[keep] and so on, with keep false where a row is left out.',
      ),
    );
  });

  it('class weights', () => {
    expect(explain(classWeighted(softmax, w))).toBe(
      lines(
        `class-weighted(categorical-cross-entropy): softmax link over 3 classes; ${OVER}`,
        `Targets: ${WEIGHTS}`,
        ROW,
        BY_WEIGHT,
        'The same elsewhere:',
        '  PyTorch (class indices): F.cross_entropy(z, y, weight=w)',
        '  PyTorch (probability targets): F.cross_entropy(z, q, weight=w, reduction="sum") / (q * w).sum()',
        `  Keras (class indices): keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="mean_with_sample_weight")(y, z, sample_weight=w[y]) ${FIT}`,
        `  scikit-learn (class indices): sklearn.metrics.log_loss(y, scipy.special.softmax(z, axis=1), labels=range(C), sample_weight=w[y]) ${CLIPS}`,
        '  ONNX (class indices): SoftmaxCrossEntropyLoss(z, y, w, reduction="mean")',
        '  TensorFlow.js (class indices): tf.losses.softmaxCrossEntropy(q, z, w.gather(y), 0, tf.Reduction.MEAN)',
        `${NAMES}; w the weights [1, 2, 3]; C the class count.`,
      ),
    );
  });

  it('smoothing and then weights, which is PyTorch', () => {
    expect(explain(labelSmoothed(classWeighted(softmax, w), e))).toBe(
      lines(
        `label-smoothed(class-weighted(categorical-cross-entropy)): softmax link over 3 classes; ${OVER}`,
        'Targets, first to act first:',
        `  1. ${SMOOTHING}`,
        `  2. ${WEIGHTS}`,
        ROW,
        BY_WEIGHT,
        'The same elsewhere:',
        '  PyTorch (class indices): F.cross_entropy(z, y, weight=w, label_smoothing=0.1)',
        '  PyTorch (probability targets): F.cross_entropy(z, q, weight=w, label_smoothing=0.1, reduction="sum") / (q * w).sum()',
        'No call of Keras, scikit-learn, ONNX or TensorFlow.js does the same.',
        `${NAMES}; w the weights [1, 2, 3].`,
      ),
    );
  });

  it('weights and then smoothing over rows, which is Keras', () => {
    expect(explain(classWeighted(labelSmoothed(softmax, e), w), { denominator: 'rows' })).toBe(
      lines(
        `class-weighted(label-smoothed(categorical-cross-entropy)): softmax link over 3 classes; ${OVER}`,
        'Targets, first to act first:',
        `  1. ${WEIGHTS}`,
        `  2. ${SMOOTHING}`,
        ROW,
        BY_NUMBER,
        'The same elsewhere:',
        '  PyTorch (class indices): (w[y] * F.cross_entropy(z, y, label_smoothing=0.1, reduction="none")).mean()',
        `  Keras (class indices): keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)(q, z, sample_weight=w[y]) ${FIT}`,
        '  TensorFlow.js (class indices): tf.losses.softmaxCrossEntropy(q, z, w.gather(y), 0.1)',
        'No call of scikit-learn or ONNX does the same.',
        `${NAMES}; w the weights [1, 2, 3].`,
        'Warning: The mean does not divide by the class weights: larger weights make value and gradient larger.',
      ),
    );
  });

  it('a binary loss with a positive weight', () => {
    expect(explain(positiveWeighted(sigmoid, { weight: 3 }))).toBe(
      lines(
        'positive-weighted(binary-cross-entropy): sigmoid link; u_1 = y and u_0 = 1 - y.',
        "Targets: positive weight 3, which no mean counts: u'_1 = 3 u_1.",
        ELEMENT,
        'Value: the mean, the sum over elements divided by their number.',
        'The same elsewhere:',
        '  PyTorch: F.binary_cross_entropy_with_logits(z, y, pos_weight=torch.tensor(3.0))',
        '  Keras (targets 0 and 1): keras.losses.BinaryCrossentropy(from_logits=True)(y[:, None], z[:, None], sample_weight=w[y]) (one label a row; sample_weight=w[y] is what fit(class_weight=w) passes)',
        'No call of scikit-learn, ONNX or TensorFlow.js does the same.',
        'Names: z the logits; y the targets; w the weights [1, 3].',
        'Warning: The mean does not divide by the positive weight: larger weights make value and gradient larger.',
      ),
    );
  });

  it('a loss with a tile rule', () => {
    const squared = defineLoss<'squared', { readonly scale?: number }, 'none'>({
      name: 'squared',
      options: { scale: { kind: 'number', default: 1 } },
      tileRule: () => ({ layout: 'elements', targets: 'real', compute: () => undefined }),
      traits: { convex: true, nonNegative: true, shiftInvariant: false, needsIndexTargets: false },
      examples: () => [{}],
    });
    expect(explain(squared({ scale: 2 }), { denominator: 'elements' })).toBe(
      lines(
        'squared: a loss of a rule of its own, without link or plan, over elements; targets are any finite numbers.',
        'Options: {"scale":2}.',
        'Value: the mean, the sum over elements divided by their number.',
        'Its rule is a function, which can be neither read here nor compared with other frameworks; wrappers refuse it.',
      ),
    );
  });

  it('a custom step', () => {
    const step = { kind: 'custom', plugin: 'asymmetric', parameters: { shift: 0.05 }, replaces: true } as const;
    expect(explain(withSteps(sigmoid, 'asymmetric', step))).toBe(
      lines(
        'asymmetric(binary-cross-entropy): sigmoid link; u_1 = y and u_0 = 1 - y.',
        `Custom function of plugin 'asymmetric' with {"shift":0.05}, in place of the surprisal.`,
        'Loss of an element: the custom function of u and l, p = sigmoid(z).',
        'Value: the mean, the sum over elements divided by their number.',
        NONE,
      ),
    );
  });
});

describe('what a value divides by', () => {
  const weighted = classWeighted(softmax, w);
  it.each<[Loss, CallOptions, string]>([
    [softmax, { denominator: 'weight' }, BY_NUMBER],
    [softmax, { denominator: 'elements' }, BY_NUMBER],
    [classWeighted(softmax, { weights: [1, 1] }), {}, BY_NUMBER],
    [
      softmax,
      { denominator: 4096, mask: [1] },
      'Value: the sum over rows divided by 4096, the number given; rows left out count nowhere.',
    ],
    [softmax, { sampleWeights: [1] }, 'Value: the mean, the sum over rows divided by the sum of its sample weight.'],
    [weighted, {}, BY_WEIGHT],
    [weighted, { reduction: 'sum' }, 'Value: the sum over rows, divided by nothing.'],
    [
      classWeighted(weighted, w),
      {},
      'Value: the mean, the sum over rows divided by the sum of the product of its w_y (w_y: the weight of the target as given, sum_c w_c q_c).',
    ],
    [
      sigmoid,
      { denominator: 'rows' },
      'Value: the sum over elements divided by the number of rows: the mean over rows of the sum over their labels.',
    ],
    [
      classWeighted(sigmoid, { weights: [1, 2] }),
      { sampleWeights: [1], labelWeights: [1] },
      'Value: the mean, the sum over elements divided by the sum of its sample weight times its label weight times w_y (w_y: the weight of the target as given, w_0 (1 - y) + w_1 y).',
    ],
  ])('is said (%#)', (loss, options, line) => {
    const found = explain(loss, options)
      .split('\n')
      .find((text) => text.startsWith('Value'));
    expect(found).toBe(line);
  });
});

/** The lines before the value and other frameworks. */
function stepLines(loss: Loss): readonly string[] {
  const text = explain(loss).split('\n');
  return text.slice(
    0,
    text.findIndex((line) => line.startsWith('Value')),
  );
}

describe('every kind of step', () => {
  it('is said in words and formula, over classes', () => {
    const loss = withSteps(
      withSurprisal(softmax, 'poly-1', [1, 0, 0], [-0.5, 0, 1]),
      'steps',
      { kind: 'mix', smoothing: 0.3, spread: 'others' },
      { kind: 'mix', smoothing: 0.1, spread: 'all', towards: [0.5, 0.25, 0.25] },
      { kind: 'affine', scale: 0.5 },
      { kind: 'affine', scale: 2, offsets: [1, 2, 3] },
      { kind: 'softcap', cap: 30 },
      { kind: 'classMask', allowed: [true, true, false] },
      { kind: 'margin', margins: [0.1, 0.2, 0.3] },
      { kind: 'partition', strength: 1e-4 },
      { kind: 'custom', plugin: 'steps', parameters: {}, replaces: false },
    );
    expect(stepLines(loss)).toStrictEqual([
      `steps(poly-1(categorical-cross-entropy)): softmax link over 3 classes; ${OVER}`,
      'Targets, first to act first:',
      "  1. label smoothing 0.3 over the other classes: u'_c = 0.7 u_c + 0.3 (|u| - u_c) / (C - 1).",
      "  2. label smoothing 0.1 towards D = [0.5, 0.25, 0.25]: u'_c = 0.9 u_c + 0.1 |u| D_c.",
      'Logits, first to act first:',
      "  1. temperature 2: z' = 0.5 z.",
      "  2. shift of the logits b = [1, 2, 3]: z'_c = 2 z_c + b_c.",
      "  3. soft cap 30: z' = 30 tanh(z / 30).",
      "  4. class mask, 2 of 3 classes left: z'_c = -Infinity for the others.",
      "  5. margins m = [0.1, 0.2, 0.3]: z'_y = z_y - m_y at the label y.",
      'Z-loss: adds 0.0001 lse(z)^2, times the sample weight only.',
      "Custom function of plugin 'steps' with {}, added to the loss.",
      'Surprisal: poly-1, epsilon -0.5, psi(l) = -l - 0.5 (1 - p).',
      'Loss of a row: sum_c u_c psi(l_c) + z-loss + the custom function, l = log softmax(z).',
    ]);
  });

  it('is said in words and formula, for a binary loss', () => {
    const loss = withSteps(
      sigmoid,
      'steps',
      { kind: 'mix', smoothing: 0.1, spread: 'others' },
      { kind: 'scale', by: 'outcome', counted: true, weights: [1, 2] },
      { kind: 'scale', by: 'label', counted: false, weights: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
      { kind: 'affine', scale: 1, offsets: [0.5, -0.25] },
      {
        kind: 'surprisal',
        terms: [{ coefficient: 1, power: 1, order: 0 }],
        negativeTerms: [
          { coefficient: 1, power: 4, order: 0 },
          { coefficient: -2, power: 0, order: 0.7 },
          { coefficient: 0, power: 1, order: 1 },
        ],
      },
    );
    expect(stepLines(loss)).toStrictEqual([
      'steps(binary-cross-entropy): sigmoid link, 9 labels a row; u_1 = y and u_0 = 1 - y.',
      'Targets, first to act first:',
      "  1. label smoothing 0.1 over the other classes: u'_c = 0.9 u_c + 0.1 (|u| - u_c).",
      "  2. outcome weights w = [1, 2]: u'_0 = w_0 u_0, u'_1 = w_1 u_1.",
      "  3. positive weights by label w = [1, 2, 3, ..., 9] (9 numbers), which no mean counts: u'_1 = w u_1.",
      "Logits: shift of the logits: z' = z - 0.75.",
      'Surprisal of positives: focal, gamma 1, psi(l) = -(1 - p) l; of negatives: a sum of terms, psi(l) = -(1 - p)^4 l - 2 (1 - p^0.7) / 0.7.',
      'Loss of an element: u_1 psi(log p) + u_0 psi(log(1 - p)), p = sigmoid(z).',
    ]);
  });

  it.each<[(readonly [number, number, number])[], string]>([
    [[[1, 0, 0]], 'cross-entropy, psi(l) = -l'],
    [[[1, 2, 0]], 'focal, gamma 2, psi(l) = -(1 - p)^2 l'],
    [[[1, 0, 0.7]], 'generalized cross-entropy, q 0.7, psi(l) = (1 - p^0.7) / 0.7'],
    [
      [
        [0.1, 0, 0],
        [4, 0, 1],
      ],
      'symmetric cross-entropy, psi(l) = -0.1 l + 4 (1 - p)',
    ],
    [[[0.5, 0, 0]], 'a sum of terms, psi(l) = -0.5 l'],
    [[[0, 0, 0]], 'a sum of terms, psi(l) = 0'],
  ])('is named for the surprisal %j', (terms, text) => {
    expect(explain(withSurprisal(softmax, 'surprisal', ...terms))).toContain(`Surprisal: ${text}.\n`);
  });

  it('that is not known here is said as data', () => {
    const text = explain({ ...softmax, plan: [{ kind: 'newer', amount: 2 }] } as unknown as Loss);
    expect(text).toContain('Unknown kind of step: {"kind":"newer","amount":2}.');
    expect(text).toContain(NONE);
  });
});

describe('inputs other than logits', () => {
  it('are named in the loss and have calls of their own', () => {
    const logarithms = explain(softmax, { input: 'log-probabilities' });
    expect(logarithms).toContain('Loss of a row: sum_c u_c psi(l_c), l as given; cross-entropy, psi(l) = -l.');
    expect(logarithms).toContain('  PyTorch (class indices): F.nll_loss(l, y)\n');
    expect(explain(sigmoid, { input: 'probabilities' })).toContain(
      '  PyTorch: F.binary_cross_entropy(p, y) (PyTorch takes logarithms below -100 as -100)\n',
    );
  });

  it('have none where a clip is asked for', () => {
    expect(explain(sigmoid, { input: 'probabilities', clip: 1e-7 })).toContain(NONE);
  });
});

describe('explain refuses', () => {
  it.each([
    [null, 'explain: "loss" expected a loss, got null'],
    [{}, 'explain: "loss" expected a loss, got an object (Object)'],
    [[softmax], 'explain: "loss" expected a loss, got Array of length 1'],
    [
      categoricalCrossEntropy,
      'explain: "loss" expected a loss, got a function; call the plugin: categoricalCrossEntropy()',
    ],
    [{ ...softmax, version: 2 }, 'explain: "loss" expected a loss of contract version 1, got version 2'],
  ])('what is not a loss (%#)', (value, message) => {
    expect(() => explain(value as Loss)).toThrow(new TypeError(message));
  });

  it('call options that no call takes', () => {
    expect(() => explain(softmax, { denominator: 0 })).toThrow(
      new RangeError(
        `explain: "denominator" expected a finite number greater than 0, 'weight', 'rows' or 'elements', got 0`,
      ),
    );
    expect(() => explain(softmax, { reduce: 'sum' } as CallOptions)).toThrow(
      /^explain: "options" expected one of the options /,
    );
    expect(() => explain(softmax, 3 as CallOptions)).toThrow(
      new TypeError('explain: "options" expected an object, got 3'),
    );
  });
});
