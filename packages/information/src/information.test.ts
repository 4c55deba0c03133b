import { Decimal } from 'decimal.js';
import { exactDecimal, randomNumbers, ulpsBetween } from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import {
  bits,
  bitsPerByte,
  conditionalCrossEntropy,
  conditionalEntropy,
  crossEntropy,
  entropy,
  generalizedKlDivergence,
  jensenShannonDivergence,
  jointEntropy,
  klDivergence,
  mutualInformation,
  perplexity,
} from './index.js';

const Exact = Decimal.clone({ precision: 80, minE: -9e15, maxE: 9e15 });
const exact = (value: number): Decimal => new Exact(exactDecimal(value));
const sum = (terms: readonly Decimal[]): Decimal => terms.reduce((total, term) => total.plus(term), new Exact(0));

/** The table of Cover and Thomas, example 2.2.1: X across, Y down. */
const TABLE = [
  [1 / 8, 1 / 16, 1 / 32, 1 / 32],
  [1 / 16, 1 / 8, 1 / 32, 1 / 32],
  [1 / 16, 1 / 16, 1 / 16, 1 / 16],
  [1 / 4, 0, 0, 0],
];

describe('the example of Cover and Thomas, in bits', () => {
  it.each([
    ['H(X)', () => entropy([1 / 2, 1 / 4, 1 / 8, 1 / 8], { base: 2 }), 7 / 4],
    ['H(Y)', () => entropy([1 / 4, 1 / 4, 1 / 4, 1 / 4], { base: 2 }), 2],
    ['H(X | Y)', () => conditionalEntropy(TABLE, { base: 2 }), 11 / 8],
    ['H(X, Y)', () => jointEntropy(TABLE, { base: 2 }), 27 / 8],
    ['I(X; Y)', () => mutualInformation(TABLE, { base: 2 }), 3 / 8],
  ])('%s is what the book says, to 2 ulp', (_, compute, expected) => {
    expect(ulpsBetween(compute(), exactDecimal(expected), 'float64')).toBeLessThanOrEqual(2);
  });

  it('the cross form with the same table is the conditional entropy', () => {
    expect(conditionalCrossEntropy(TABLE, TABLE)).toBe(conditionalEntropy(TABLE));
  });

  it('the cross form reads the shares of each row of q, not its mass', () => {
    const uniform = TABLE.map((row, index) => row.map(() => (index + 1) / 40));
    expect(conditionalCrossEntropy(TABLE, uniform, { base: 2 })).toBeCloseTo(2, 14);
  });
});

/** The same numbers in every form that an argument may have. */
const FORMS: readonly (readonly [string, (values: number[]) => Parameters<typeof entropy>[0]])[] = [
  ['an array', (values) => values],
  ['a Float64Array', (values) => Float64Array.from(values)],
  ['a tensor', (values) => ({ data: Float64Array.from(values), dims: [values.length] })],
  ['a Float32Array', (values) => Float32Array.from(values)],
];

describe.each(FORMS)('of %s', (_, form) => {
  const p = form([0.125, 0.375, 0.5]);
  const q = form([0.25, 0.25, 0.5]);

  it.each([
    ['entropy', () => entropy(p), [0.125, 0.375, 0.5].map((mass) => exact(mass).times(exact(mass).ln().neg()))],
    [
      'crossEntropy',
      () => crossEntropy(p, q),
      [0.125, 0.375, 0.5].map((mass, i) =>
        exact(mass).times(
          exact([0.25, 0.25, 0.5][i] ?? 0)
            .ln()
            .neg(),
        ),
      ),
    ],
    [
      'klDivergence',
      () => klDivergence(p, q),
      [0.125, 0.375, 0.5].map((mass, i) =>
        exact(mass).times(
          exact(mass)
            .div(exact([0.25, 0.25, 0.5][i] ?? 0))
            .ln(),
        ),
      ),
    ],
  ])('%s is within 3 ulp of 80 digits', (_name, compute, terms) => {
    expect(ulpsBetween(compute(), sum(terms), 'float64')).toBeLessThanOrEqual(3);
  });
});

describe('laws', () => {
  const random = randomNumbers(17);
  const rows = Array.from({ length: 50 }, (_, round) => {
    const values = Array.from({ length: 2 + (round % 8) }, () => random.uniform() ** 3);
    const others = values.map(() => random.uniform() ** 3);
    return [values, others] as const;
  });
  const normalize = true;

  it('cross-entropy is entropy and divergence together', () => {
    for (const [p, q] of rows) {
      const together = entropy(p, { normalize }) + klDivergence(p, q, { normalize });
      expect(Math.abs(crossEntropy(p, q, { normalize }) / together - 1)).toBeLessThan(1e-15 * 8);
    }
  });

  it('divergences are not negative, and Jensen-Shannon is symmetric and at most log 2', () => {
    for (const [p, q] of rows) {
      const there = jensenShannonDivergence(p, q, { normalize });
      expect(klDivergence(p, q, { normalize })).toBeGreaterThanOrEqual(0);
      expect(there).toBe(jensenShannonDivergence(q, p, { normalize }));
      expect(there).toBeGreaterThanOrEqual(0);
      expect(there).toBeLessThanOrEqual(Math.LN2);
    }
  });

  it('logits say the same as their softmax', () => {
    for (const [z, v] of rows) {
      const softmax = (values: readonly number[]): number[] => values.map((value) => Math.exp(value));
      const [p, q] = [softmax(z), softmax(v)];
      const pairs = [
        [entropy(z, { input: 'logits' }), entropy(p, { normalize })],
        [crossEntropy(p, v, { input: { q: 'logits' }, normalize }), crossEntropy(p, q, { normalize })],
        [klDivergence(z, v, { input: 'logits' }), klDivergence(p, q, { normalize })],
        [jensenShannonDivergence(z, v, { input: 'logits' }), jensenShannonDivergence(p, q, { normalize })],
      ] as const;
      // Rounding of the probabilities made here counts 1 / d for a divergence d; these are above 1e-4.
      for (const [one, other] of pairs) expect(Math.abs(one / other - 1)).toBeLessThan(1e-11);
    }
  });

  it('normalising what is a distribution already changes at most its rounding', () => {
    for (const [values] of rows) {
      const total = values.reduce((a, b) => a + b, 0);
      const p = values.map((value) => value / total);
      expect(entropy(p)).toBeCloseTo(entropy(p, { normalize }), 14);
    }
  });

  it('mutual information is what conditioning takes from the entropy, and the same transposed', () => {
    const table = Float64Array.from({ length: 12 }, () => random.uniform());
    const transposed = table.map((_, i) => table[(i % 3) * 4 + Math.floor(i / 3)] ?? 0);
    const marginal = Float64Array.from({ length: 4 }, (_, x) =>
      [0, 4, 8].reduce((mass, r) => mass + (table[r + x] ?? 0), 0),
    );
    const information = mutualInformation(table, { columns: 4, normalize });
    const difference = entropy(marginal, { normalize }) - conditionalEntropy(table, { columns: 4, normalize });
    expect(information).toBeCloseTo(difference, 14);
    expect(mutualInformation(transposed, { columns: 3, normalize })).toBeCloseTo(information, 15);
  });

  it('the chain rule: joint entropy is that of the row and that of the column given the row', () => {
    const rowsOf = [5, 7].map((mass) => mass / 12);
    const table = [[1, 4].map((mass) => mass / 12), [3, 4].map((mass) => mass / 12)];
    expect(jointEntropy(table)).toBeCloseTo(entropy(rowsOf) + conditionalEntropy(table), 14);
  });
});

describe('edges', () => {
  it('0 log 0 is 0', () => {
    expect(entropy([0, 1, 0])).toBe(0);
    expect(crossEntropy([0, 1], [0, 1])).toBe(0);
    expect(klDivergence([0, 1], [0.5, 0.5])).toBeCloseTo(Math.LN2, 15);
    expect(
      conditionalEntropy([
        [0, 0],
        [0.5, 0.5],
      ]),
    ).toBeCloseTo(Math.LN2, 15);
  });

  it('a prediction of 0 under mass costs Infinity', () => {
    expect(crossEntropy([0.5, 0.5], [1, 0])).toBe(Infinity);
    expect(klDivergence([0.5, 0.5], [1, 0])).toBe(Infinity);
    expect(klDivergence([0.5, 0.5], [1, 0], { unnormalized: true })).toBe(Infinity);
    expect(generalizedKlDivergence([1, 2], [1, 0])).toBe(Infinity);
    expect(conditionalCrossEntropy([[0.5, 0.5]], [[1, 0]])).toBe(Infinity);
    expect(
      conditionalCrossEntropy(
        [
          [0.5, 0],
          [0.5, 0],
        ],
        [
          [1, 0],
          [0, 0],
        ],
      ),
    ).toBe(Infinity);
  });

  it('masses far below one keep their relative accuracy', () => {
    const certain = klDivergence([1, 1e-300], [1, 2e-300]);
    expect(
      ulpsBetween(
        certain,
        exact(1e-300).times(new Exact(0.5).ln()).plus(exact(2e-300)).minus(exact(1e-300)),
        'float64',
      ),
    ).toBeLessThan(4);
    expect(entropy([700, 0, -Infinity], { input: 'logits' })).toBe(6.911633257175599e-302);
  });

  it('log-probabilities are probabilities', () => {
    const logs = [0.25, 0.75].map(Math.log);
    expect(entropy(logs, { input: 'log-probabilities' })).toBeCloseTo(entropy([0.25, 0.75]), 14);
    expect(entropy([-1, -2], { input: 'log-probabilities', normalize: true })).toBe(
      entropy([-1, -2], { input: 'logits' }),
    );
  });

  it('counts divide by their sum, of any integer type', () => {
    expect(entropy(Int32Array.of(3, 1), { normalize: true })).toBe(entropy([0.75, 0.25]));
    expect(entropy(BigInt64Array.of(3n, 1n), { normalize: true })).toBe(entropy([0.75, 0.25]));
  });

  it('counts of any size divide by their sum', () => {
    for (const scale of [2 ** 1000, 2 ** -1000]) {
      const [p, q] = [
        [scale, 2 * scale],
        [3 * scale, scale],
      ];
      const normalize = true;
      expect(klDivergence(p, q, { normalize })).toBe(klDivergence([1, 2], [3, 1], { normalize }));
      expect(jensenShannonDivergence(p, q, { normalize })).toBe(jensenShannonDivergence([1, 2], [3, 1], { normalize }));
      expect(mutualInformation([p, q], { normalize })).toBe(
        mutualInformation(
          [
            [1, 2],
            [3, 1],
          ],
          { normalize },
        ),
      );
    }
  });

  it('formulas as they stand take any masses', () => {
    expect(entropy([2, 1], { unnormalized: true })).toBeCloseTo(-2 * Math.LN2, 15);
    expect(klDivergence([1, 2], [2, 2], { unnormalized: true })).toBeCloseTo(-Math.LN2, 15);
    expect(generalizedKlDivergence([1, 2], [2, 2])).toBeCloseTo(1 - Math.LN2, 15);
    expect(generalizedKlDivergence([0, 0], [1, 2], { base: 2 })).toBeCloseTo(3 / Math.LN2, 14);
  });
});

describe('perplexity and bits', () => {
  it('are exp H and H / log 2', () => {
    expect(perplexity(entropy([0.25, 0.25, 0.25, 0.25]))).toBeCloseTo(4, 14);
    expect(perplexity(0)).toBe(1);
    expect(bits(Math.LN2)).toBe(1);
    expect(bitsPerByte(12 * Math.LN2, 4)).toBe(3);
    expect([perplexity(NaN), bits(NaN), bitsPerByte(NaN, 1)]).toEqual([NaN, NaN, NaN]);
  });
});

describe('the documentation', () => {
  it.each([
    ['entropy', entropy([3, 1], { normalize: true }), 0.562335144618808],
    ['crossEntropy', crossEntropy([0.2, 0.3, 0.5], [0.1, 0.1, 0.8]), 1.26286432215412],
    ['klDivergence', klDivergence([0.5, 0.5], [0.9, 0.1]), 0.51082562376599],
    ['generalizedKlDivergence', generalizedKlDivergence([1, 2], [2, 2]), 0.306852819440054],
    ['jensenShannonDivergence', jensenShannonDivergence([1, 0], [0, 1], { base: 2 }), 1],
    [
      'jointEntropy',
      jointEntropy(
        [
          [0.25, 0.25],
          [0.5, 0],
        ],
        { base: 2 },
      ),
      1.5,
    ],
    [
      'conditionalEntropy',
      conditionalEntropy(
        [
          [0.25, 0.25],
          [0.5, 0],
        ],
        { base: 2 },
      ),
      0.5,
    ],
    [
      'mutualInformation',
      mutualInformation(
        [
          [30, 10],
          [5, 55],
        ],
        { normalize: true, base: 2 },
      ),
      0.36126669540966,
    ],
  ])('of %s shows its value', (_, value, shown) => {
    expect(value).toBeCloseTo(shown, 13);
  });
});
