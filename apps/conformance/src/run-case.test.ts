import { describe, expect, it } from 'vitest';
import { runCase } from './run-case.js';

// softmax(0, log 3) = (1/4, 3/4); sigmoid(0) = 1/2. Logarithms from a table.
const LN2 = 0.6931471805599453;
const LN3 = 1.0986122886681098;
const LN4 = 1.3862943611198906;
const LN5 = 1.6094379124341003;

type Json = Readonly<Record<string, unknown>>;

const classes: Json = {
  id: 'classes',
  loss: 'categorical',
  inputs: { kind: 'logits', dims: [1, 2], data: [0, LN3] },
  classAxis: 1,
  targets: { kind: 'indices', dims: [1], data: [0] },
  options: { reduction: 'none', meanDenominator: 'count', labelSmoothing: 0, classWeights: null },
  expected: { loss: { dims: [1], data: [LN4] }, gradient: { dims: [1, 2], data: [-0.75, 0.75] } },
  precision: 'float64',
  tolerance: { rtol: 1e-14, atol: 0 },
};

const binary: Json = {
  id: 'binary',
  loss: 'binary',
  inputs: { kind: 'logits', dims: [2, 2], data: [0, 0, 0, 0] },
  targets: { kind: 'probabilities', dims: [2, 2], data: [1, 0, 1, 0] },
  options: { reduction: 'mean', meanDenominator: 'count' },
  expected: { loss: LN2, gradient: { dims: [2, 2], data: [-0.125, 0.125, -0.125, 0.125] } },
  tolerance: { rtol: 1e-14, atol: 0 },
};

const run = (value: unknown) => runCase(value, 3, { source: 'made here' });
const options = (base: Json, change: Json): Json => ({ ...base, options: { ...(base['options'] as Json), ...change } });

describe('runCase passes', () => {
  it('right values, and says how close they are', () => {
    expect(run(classes)).toMatchObject({ id: 'classes', status: 'passed' });
    expect(run(classes).share).toBeLessThanOrEqual(1);
    expect(run(binary)).toMatchObject({ id: 'binary', status: 'passed' });
  });

  it('float32 cases', () => {
    const expected = { loss: { dims: [1], data: [Math.fround(LN4)] }, gradient: { dims: [1, 2], data: [-0.75, 0.75] } };
    expect(run({ ...classes, precision: 'float32', expected, tolerance: { rtol: 5e-7, atol: 0 } }).status).toBe(
      'passed',
    );
  });

  it('focal and poly-1 losses over classes, alpha as one factor of all', () => {
    // p = 1/4 at the label: (3/4)^2 log 4, a quarter of it; log 4 + 2 (3/4).
    const focal = options(classes, { focalGamma: 2, focalAlpha: 0.25 });
    const expected = { loss: { dims: [1], data: [0.25 * 0.5625 * LN4] }, gradient: null };
    expect(run({ ...focal, expected })).toMatchObject({ status: 'passed' });
    const poly = options(classes, { polyEpsilon: 2 });
    expect(run({ ...poly, expected: { loss: { dims: [1], data: [LN4 + 1.5] }, gradient: null } })).toMatchObject({
      status: 'passed',
    });
  });

  it('binary focal losses, alpha for positives and the rest for negatives', () => {
    // p = 1/2: half of log 2 by gamma 1; two positives at 0.25 and two negatives at 0.75 of four elements.
    const expected = { loss: (LN2 / 2) * 0.5, gradient: null };
    expect(run({ ...options(binary, { focalGamma: 1, focalAlpha: 0.25 }), expected })).toMatchObject({
      status: 'passed',
    });
  });

  it('smoothed targets that are weighed afterwards, as PyTorch does', () => {
    // Targets (3/4, 1/4), weights (1, 2): 3/4 log 4 + 2/4 (log 4 - log 3); mass 5/4.
    const expected = { loss: 1.25 * LN4 - 0.5 * LN3, gradient: { dims: [1, 2], data: [0.3125 - 0.75, 0.9375 - 0.5] } };
    const given = options(classes, { reduction: 'sum', labelSmoothing: 0.5, classWeights: [1, 2] });
    expect(run({ ...given, expected })).toMatchObject({ status: 'passed' });
  });

  it('rows weighed by their label before smoothing, as Keras does', () => {
    // Weight 2 on the row, then targets (3/4, 1/4).
    const expected = {
      loss: 2 * (LN4 - 0.25 * LN3),
      gradient: { dims: [1, 2], data: [2 * (0.25 - 0.75), 2 * (0.75 - 0.25)] },
    };
    const given = options(classes, { reduction: 'sum', labelSmoothing: 0.5, classWeights: [2, 1] });
    expect(run({ ...given, expected, caseSource: 'keras-team/keras somewhere' })).toMatchObject({ status: 'passed' });
  });

  it('positive weights by label, and weights of elements', () => {
    const given = options(binary, {
      reduction: 'sum',
      positiveWeights: [3, 5],
      sampleWeights: { dims: [2, 1], data: [1, 2] },
    });
    const expected = { loss: (3 + 1 + 6 + 2) * LN2, gradient: { dims: [2, 2], data: [-1.5, 0.5, -3, 1] } };
    expect(run({ ...given, expected })).toMatchObject({ status: 'passed' });
  });

  it.each([
    ['count', 3],
    ['weightSum', 2],
    ['nonzeroWeightCount', 2],
    ['countIncludingIgnored', 4],
  ])('means by %s', (meanDenominator, denominator) => {
    const given = {
      ...options(classes, {
        reduction: 'mean',
        meanDenominator,
        ignoreIndex: -1,
        sampleWeights: { dims: [4], data: [1, 1, 0, 9] },
      }),
      inputs: { kind: 'logits', dims: [4, 2], data: [0, LN3, 0, LN3, 0, LN3, 0, 0] },
      targets: { kind: 'indices', dims: [4], data: [0, 0, 1, -1] },
      expected: { loss: (2 * LN4) / denominator },
    };
    expect(run(given)).toMatchObject({ status: 'passed' });
  });

  it.each([
    ['none', { dims: [2], data: [LN2, LN2] }],
    ['sum', 2 * LN2],
    ['mean', LN2],
  ])('means of the last axis before reduction %s', (reduction, loss) => {
    const share = reduction === 'mean' ? 0.125 : 0.25;
    const gradient = { dims: [2, 2], data: [-share, share, -share, share] };
    const given = { ...options(binary, { reduction }), referenceOptions: { rowReduction: 'mean' } };
    expect(run({ ...given, expected: { loss, gradient } })).toMatchObject({ status: 'passed' });
  });

  it('large cases by samples and by the sum of the gradient', () => {
    const generator = {
      name: 'xorshift32',
      seed: 7,
      count: 6,
      scale: 0,
      overrides: [
        [0, LN3],
        [5, LN3],
      ],
    };
    const given = options(
      {
        ...classes,
        inputs: { kind: 'logits', dims: [3, 2], generator },
        targets: { kind: 'indices', dims: [3], generator: { name: 'affine-mod' } },
      },
      { reduction: 'sum' },
    );
    const expected = {
      loss: 2 * LN4 - LN3 + LN2 - LN3 + LN3,
      gradient: null,
      gradientSamples: { indices: [5, 0], values: [0.75, -0.25] },
      gradientAbsSum: 0.5 + 1 + 1.5,
    };
    expect(run({ ...given, expected })).toMatchObject({ status: 'passed' });
    const wrong = { ...expected, gradientSamples: { indices: [5, 0], values: [0.75, 0.25] } };
    expect(run({ ...given, expected: wrong })).toMatchObject({ status: 'failed' });
    expect(run({ ...given, expected: { ...expected, gradientAbsSum: 2 } })).toMatchObject({ status: 'failed' });
  });

  it('balanced weights of classes and of samples', () => {
    const weights = {
      id: 'weights',
      loss: 'classWeights',
      inputs: null,
      targets: { kind: 'indices', dims: [4], data: [9, 9, 4, 9] },
      classes: [9, 4],
      options: { mode: 'balanced', formula: 'n / (classCount * count[c])' },
      expected: { weights: [2 / 3, 2] },
      tolerance: { rtol: 1e-15, atol: 0 },
    };
    expect(run(weights)).toMatchObject({ status: 'passed' });
    expect(run({ ...weights, expected: { weights: [1, 2] } })).toMatchObject({ status: 'failed' });
    const samples = { ...weights, loss: 'sampleWeights', expected: { weights: [2 / 3, 2 / 3, 2, 2 / 3] } };
    expect(run(samples)).toMatchObject({ status: 'passed' });
    expect(run({ ...weights, classes: [9] }).reason).toBe('malformed: targets.data[2]: 4 is not among the classes');
  });
});

describe('runCase fails', () => {
  it('a wrong loss', () => {
    const wrong = { ...binary, expected: { loss: LN2 * (1 + 1e-9), gradient: null } };
    expect(run(wrong)).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(
        /^loss: expected 0\.69314718\d+, got 0\.6931471805599453 \(1\.0e\+5 times/,
      ) as string,
    });
  });

  it('a wrong gradient', () => {
    const gradient = { dims: [1, 2], data: [-0.75, 0.5] };
    expect(run({ ...classes, expected: { loss: { dims: [1], data: [LN4] }, gradient } })).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('gradient[1]: expected 0.5, got 0.7') as string,
    });
  });

  it('a number of losses that is not the expected one', () => {
    expect(run({ ...classes, expected: { loss: { dims: [2], data: [LN4, LN4] } } }).reason).toBe(
      'length of loss: expected 2, got 1',
    );
  });

  it('a refusal that nothing allows', () => {
    const given = { ...classes, targets: { kind: 'indices', dims: [1], data: [5] } };
    expect(run(given).status).toBe('failed');
  });

  it.each([
    [null, 'case 3', 'malformed: case: expected an object, got null'],
    [{ ...classes, id: 7 }, 'case 3', 'malformed: id: expected a string, got 7'],
    [{ ...classes, expected: {} }, 'classes', 'malformed: expected.loss: expected a number or numbers, got none'],
    [{ ...classes, tolerance: {} }, 'classes', 'malformed: tolerance.rtol: expected a number, got nothing'],
    [{ ...classes, classAxis: 2 }, 'classes', 'malformed: classAxis: the inputs have no axis 2'],
    [{ ...classes, tags: 'policy' }, 'classes', 'malformed: tags: expected a list'],
    [
      { ...classes, inputs: { kind: 'logits', dims: [2, 2], data: [1] } },
      'classes',
      'malformed: inputs: dims [2, 2] want 4 numbers, data has 1',
    ],
    [
      { ...classes, targets: { kind: 'indices', dims: [1], data: ['one'] } },
      'classes',
      'malformed: targets.data[0]: expected a number, got "one"',
    ],
    [
      options(binary, { sampleWeights: { dims: [3], data: [1, 2, 3] } }),
      'binary',
      'malformed: options.sampleWeights: [3] does not go with rows [2, 2]',
    ],
  ])('a malformed case with its id: %#', (value, id, reason) => {
    expect(run(value)).toEqual({ id, status: 'failed', reason });
  });
});

describe('runCase follows the marks of a case', () => {
  const outside: Json = { ...binary, targets: { kind: 'probabilities', dims: [2, 2], data: [1, 0, 3, 0] } };

  it('counts a refusal as one where the case leaves it to the library', () => {
    const far = { ...classes, targets: { kind: 'indices', dims: [1], data: [5] }, tags: ['policy'] };
    expect(run(far)).toMatchObject({ status: 'refused', name: 'the case leaves it to the library' });
    expect(run(far).reason).toContain('targets[0]');
  });

  it('compares a value where the case leaves it to the library', () => {
    expect(run({ ...classes, tags: ['policy'] }).status).toBe('passed');
    expect(run({ ...binary, tags: ['policy'], expected: { loss: 1 } }).status).toBe('failed');
  });

  it('counts a refusal by a documented rule, and names the rule', () => {
    expect(run(outside)).toMatchObject({ status: 'refused', name: 'binary targets outside [0, 1]' });
    const masked = { kind: 'logits', dims: [1, 2], data: ['-Infinity', '-Infinity'] };
    expect(run({ ...classes, inputs: masked }).status).toBe('refused');
  });

  it('compares a reference with a quirk by its exact values', () => {
    const quirk = { ...classes, matchesExactMath: false, expected: { loss: { dims: [1], data: [1] } } };
    expect(run({ ...quirk, exact: classes['expected'] }).status).toBe('passed');
    expect(run({ ...quirk, exact: { loss: { dims: [1], data: [2] } } })).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/^exact loss: expected 2, got 1\.38/) as string,
    });
  });

  it('compares exact values too where the reference has no quirk', () => {
    expect(run({ ...classes, exact: { loss: { dims: [1], data: [1] } } }).status).toBe('failed');
  });

  it('compares a quirk without exact values by what the reference returns', () => {
    const quirk = { ...binary, matchesExactMath: false };
    expect(run(quirk).status).toBe('passed');
    expect(run({ ...quirk, expected: { loss: 1 } }).status).toBe('failed');
  });

  it('normalizes inputs where the reference does', () => {
    const given = {
      ...classes,
      inputs: { kind: 'probabilities', dims: [1, 2], data: [0.2, 0.6] },
      inputsNormalized: { dims: [1, 2], data: [0.25, 0.75] },
      matchesExactMath: false,
      matchesExactMathAfterNormalization: true,
      expected: { loss: { dims: [1], data: [LN4] }, gradient: null },
      exact: { loss: { dims: [1], data: [LN5] }, gradient: { dims: [1, 2], data: [-5, 0] } },
    };
    expect(run(given)).toMatchObject({ status: 'passed' });
    expect(run({ ...given, matchesExactMathAfterNormalization: false }).status).toBe('passed');
    expect(run({ ...given, inputsNormalized: { dims: [1, 2], data: [0.5, 0.5] } }).status).toBe('failed');
  });

  it('names the smoothing of targets that do not sum to one, where they give the values once their mass is made up', () => {
    // Smoothing 1/2 of (1, 1) by adding 1/4 gives (3/4, 3/4); by adding |u| / 4 it gives (1, 1).
    const given = {
      ...options(classes, { labelSmoothing: 0.5 }),
      targets: { kind: 'probabilities', dims: [1, 2], data: [1, 1] },
    };
    const loss = 0.75 * (2 * LN4 - LN3);
    expect(run({ ...given, expected: { loss: { dims: [1], data: [loss] } } })).toMatchObject({
      status: 'other definition',
      name: 'smoothing of targets that do not sum to one',
    });
    expect(run({ ...given, expected: { loss: { dims: [1], data: [loss + 0.1] } } }).status).toBe('failed');
  });

  it('names binary focal loss where a target lies between 0 and 1, and nowhere else', () => {
    const given = {
      ...options(binary, { focalGamma: 1, reduction: 'none' }),
      targets: { kind: 'probabilities', dims: [2, 2], data: [1, 0.5, 1, 0] },
    };
    // 1/2 log 2 of each, whatever the target, as p = 1/2 is: here nobody differs.
    const half = LN2 / 2;
    const losses = (...data: readonly number[]) => ({ loss: { dims: [2, 2], data }, gradient: null });
    expect(run({ ...given, expected: losses(half, half, half, half) })).toMatchObject({ status: 'passed' });
    expect(run({ ...given, expected: losses(half, 0.3, half, half) })).toMatchObject({
      status: 'other definition',
      name: 'binary focal loss of targets between 0 and 1',
    });
    expect(run({ ...given, expected: losses(0.3, half, half, half) }).status).toBe('failed');
    expect(run({ ...options(given, { focalGamma: 0 }), expected: losses(LN2, 0.3, LN2, LN2) }).status).toBe('failed');
  });

  it('names the gradient of an empty mean', () => {
    const given = {
      ...options(classes, { reduction: 'mean', ignoreIndex: 0 }),
      expected: { loss: 'NaN', gradient: { dims: [1, 2], data: ['NaN', 0] } },
    };
    expect(run(given)).toMatchObject({ status: 'other definition', name: 'gradient of an empty mean' });
    const wrong = { loss: 'NaN', gradient: { dims: [1, 2], data: ['NaN', 1] } };
    expect(run({ ...given, expected: wrong }).status).toBe('failed');
  });

  it('keeps to the absolute tolerance where a case is ill-conditioned', () => {
    const near = { ...binary, expected: { loss: LN2 + 1e-6 }, tolerance: { rtol: 0.1, atol: 1e-9 } };
    expect(run(near).status).toBe('passed');
    expect(run({ ...near, tags: ['ill-conditioned'] }).status).toBe('failed');
  });

  it('uses the tolerance of the gradient, and the suggested one', () => {
    const off = {
      ...classes,
      expected: { loss: { dims: [1], data: [LN4] }, gradient: { dims: [1, 2], data: [-0.7501, 0.75] } },
    };
    expect(run({ ...off, tolerance: { rtol: 1e-14, atol: 0, gradientRtol: 1e-2, gradientAtol: 0 } }).status).toBe(
      'passed',
    );
    expect(run({ ...off, tolerance: { rtol: 1e-2, atol: 0, suggestedRtol: 1e-9, suggestedAtol: 0 } }).status).toBe(
      'failed',
    );
  });

  it('counts units in the last place where the case does', () => {
    const tolerance = { rtol: 1e-14, atol: 0, lossUlp: 4 };
    expect(run({ ...binary, tolerance }).ulps).toEqual({ loss: 0, gradient: undefined });
  });

  it('names what is not there yet', () => {
    expect(run({ id: 'h', loss: 'hinge' })).toEqual({ id: 'h', status: 'not yet', name: 'hinge' });
    expect(run(options(classes, { temperature: 2 }))).toEqual({
      id: 'classes',
      status: 'not yet',
      name: 'temperature',
    });
  });
});

describe('information measures', () => {
  const measure = (loss: string, change: Json): Json => ({
    id: loss,
    loss,
    inputs: { kind: 'probabilities', dims: [2], data: [0.25, 0.75] },
    targets: { kind: 'probabilities', dims: [2], data: [0.5, 0.5] },
    tolerance: { rtol: 1e-14, atol: 0 },
    ...change,
  });
  const table = { kind: 'probabilities', dims: [2, 2], data: [0.25, 0.25, 0.5, 0] };

  it.each<[string, Json]>([
    ['entropy', { targets: null, expected: { loss: 2 - (0.75 * LN3) / LN2 }, options: { base: 2 } }],
    ['crossEntropy', { expected: { loss: LN4 - LN3 / 2 }, options: { base: 'e' } }],
    ['klDivergence', { expected: { loss: { dims: [1], data: [LN2 - LN3 / 2] } }, options: { reduction: 'none' } }],
    [
      'jensenShannon',
      {
        inputs: { kind: 'probabilities', dims: [2], data: [1, 0] },
        expected: { loss: 0.75 * (LN4 - LN3) },
      },
    ],
    ['jointEntropy', { inputs: table, targets: null, expected: { loss: 1.5 }, options: { base: 2 } }],
    ['conditionalEntropy', { inputs: table, targets: null, expected: { loss: LN2 / 2 } }],
    [
      'conditionalEntropy',
      { inputs: { ...table, data: [0.25, 0.25, 0.25, 0.25] }, targets: table, expected: { loss: LN2 } },
    ],
    ['mutualInformation', { inputs: { ...table, data: [0.5, 0, 0, 0.5] }, targets: null, expected: { loss: LN2 } }],
  ])('%s: %j', (loss, change) => {
    expect(run(measure(loss, change))).toMatchObject({ status: 'passed' });
  });
});
