import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { focal } from '@surprisal/focal';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { testLoss } from '@surprisal/test-kit';
import { classWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { confidencePenalized } from './index.js';

testLoss({ describe, it }, confidencePenalized, {
  bases: [categoricalCrossEntropy, binaryCrossEntropy],
  wrappers: [labelSmoothed, classWeighted, focal],
  identity: { strength: 0 },
  engines: 'all',
});

const ce = categoricalCrossEntropy();
const bce = binaryCrossEntropy();

describe('the confidence penalty', () => {
  it('is what its documentation shows', () => {
    expect(confidencePenalized(ce, { strength: 0.1 }).value([[1, 2, 0.5]], [1])).toBeCloseTo(0.37377285846002, 12);
  });

  it('rewards an even prediction by the entropy log C', () => {
    const loss = confidencePenalized(ce, { strength: 1 });
    expect(loss.value([[7, 7, 7, 7]], [2])).toBeCloseTo(0, 15);
    expect(confidencePenalized(bce, { strength: 0.5 }).value([0], [1])).toBeCloseTo(Math.LN2 / 2, 15);
  });

  it('has the gradient strength p_j (l_j + H) beside that of the loss', () => {
    const p = [0.5, 0.3, 0.2];
    const entropy = -p.reduce((sum, share) => sum + share * Math.log(share), 0);
    const { gradient } = confidencePenalized(ce, { strength: 0.5 }).valueAndGradient([p.map(Math.log)], [0]);
    p.forEach((share, index) => {
      const own = share - (index === 0 ? 1 : 0);
      expect(gradient[index]).toBeCloseTo(own + 0.5 * share * (Math.log(share) + entropy), 14);
    });
  });

  it('keeps its digits where the prediction is certain', () => {
    // p_1 = exp(-40) / (1 + exp(-40)), and gradient_1 = p_1 (1 + l_1 + H) with l_1 = -40 and H = 1.7e-16.
    const { gradient } = confidencePenalized(ce, { strength: 1 }).valueAndGradient([[40, 0]], [0]);
    const p = 4.248354255291589e-18;
    expect(Math.abs(gradient[1] / (p * (1 - 40)) - 1)).toBeLessThan(1e-15);
    expect(gradient[0]).toBe(-gradient[1]);
  });

  it('scales with the sample weight, and neither with class weights nor with the mass of a target', () => {
    const even = [[0, 0]];
    const plain = confidencePenalized(ce, { strength: 1 });
    const sum = { reduction: 'sum' } as const;
    expect(plain.value(even, [0], { ...sum, sampleWeights: [3] })).toBeCloseTo(0, 15);
    const weighted = confidencePenalized(classWeighted(ce, { weights: [5, 5] }), { strength: 1 });
    expect(weighted.value(even, [0], sum)).toBeCloseTo(4 * Math.LN2, 14);
    expect(plain.value(even, [[2, 3]], { ...sum, unnormalized: true })).toBeCloseTo(4 * Math.LN2, 14);
  });

  it('refuses a negative strength', () => {
    expect(() => confidencePenalized(ce, { strength: -0.1 })).toThrow(
      new RangeError('confidence-penalized: "strength" expected a finite number of at least 0, got -0.1'),
    );
  });
});
