import { describe, expect, it } from 'vitest';
import { notYet } from './not-yet.js';

const plain = {
  loss: 'binary',
  inputs: { kind: 'logits' },
  targets: { kind: 'probabilities' },
  options: { classWeights: null, labelSmoothing: 0, focalGamma: null, reduction: 'none', meanDenominator: 'count' },
};

describe('notYet', () => {
  it.each([
    ['what the packages have', {}],
    ['a focal exponent and balance', { options: { focalGamma: 2, focalAlpha: 0.25 } }],
    ['a polynomial coefficient', { options: { polyEpsilon: -1 } }],
    ['an unknown option that is off', { options: { tempered: false, other: null } }],
    ['a loss of the wrong kind, which is malformed', { loss: 7 }],
  ])('lets %s through', (_, change) => {
    expect(notYet({ ...plain, ...change })).toBeUndefined();
  });

  it.each([
    [{ loss: 'hinge', options: 'anything' }, 'hinge'],
    [{ loss: 'klDivergence', options: { focalGamma: 2 } }, 'focalGamma'],
    [{ loss: 'klDivergence', options: { meanDenominator: 'weightSum' } }, 'options.meanDenominator "weightSum"'],
    [{ loss: 'klDivergence', targets: { kind: 'indices' } }, 'targets.kind "indices"'],
    [{ options: { tempered: true } }, 'tempered'],
    [{ options: { temperature: 0 } }, 'temperature'],
    [{ options: { reduction: 'batchmean' } }, 'options.reduction "batchmean"'],
    [{ options: { meanDenominator: 'median' } }, 'options.meanDenominator "median"'],
    [{ loss: 'classWeights', options: { mode: 'sqrt' } }, 'options.mode "sqrt"'],
    [{ loss: 'categorical', options: { positiveWeights: 2 } }, 'positiveWeights of classes'],
    [{ inputs: { kind: 'odds' } }, 'inputs.kind "odds"'],
    [{ inputs: { kind: 'logits', generator: { name: 'mt19937' } } }, 'inputs.generator.name "mt19937"'],
    [{ targets: { kind: 'logProbabilities' } }, 'targets.kind "logProbabilities"'],
    [{ precision: 'float16' }, 'precision "float16"'],
    [{ referenceOptions: { rowReduction: 'max' } }, 'referenceOptions.rowReduction "max"'],
  ])('names what %j wants', (change, name) => {
    expect(notYet({ ...plain, ...change })).toBe(name);
  });
});
