import { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import {
  draws,
  Exact,
  exactly,
  hashOfBits,
  randomSource,
  spread,
  stepped,
  ulpError,
  worstError,
} from '../testing/ulps.js';
import {
  conditionalSurprisal,
  divergenceOf,
  divergenceOfSurprisals,
  expectedSurprisal,
  generalizedDivergenceOf,
  jensenShannonOf,
  mutualInformationOf,
  ofLogits,
  ofProbabilities,
  sumOf,
} from './index.js';
import { logExcess } from './log-excess.js';

const ONE = { high: 1, low: 0 };

/** Sums of many decimals to sixty digits. */
const total = (terms: readonly Decimal[]): Decimal => terms.reduce((sum, term) => sum.plus(term), new Exact(0));
const exactValues = (values: ArrayLike<number>): Decimal[] => Array.from(values, exactly);
const logarithm = (value: Decimal): Decimal => (value.isZero() ? new Exact(0) : value.ln());

/** KL of the normalised measures. */
function exactDivergence(p: ArrayLike<number>, q: ArrayLike<number>): Decimal {
  const [ps, qs] = [exactValues(p), exactValues(q)];
  const [pMass, qMass] = [total(ps), total(qs)];
  return total(
    ps.map((mass, i) => mass.div(pMass).times(logarithm(mass.div(pMass)).minus(logarithm(qs[i].div(qMass))))),
  );
}

function exactJensenShannon(p: ArrayLike<number>, q: ArrayLike<number>): Decimal {
  const share = (values: ArrayLike<number>): Decimal[] => {
    const list = exactValues(values);
    const mass = total(list);
    return list.map((value) => value.div(mass));
  };
  const [ps, qs] = [share(p), share(q)];
  const half = (one: Decimal[], other: Decimal[]): Decimal =>
    total(one.map((mass, i) => mass.times(logarithm(mass).minus(logarithm(mass.plus(other[i]).div(2))))));
  return half(ps, qs).plus(half(qs, ps)).div(2);
}

/** A random measure of `count` masses whose exponents spread over `range` binades, divided by its rounded sum. */
function randomDistribution(random: () => number, count: number, range: number): Float64Array {
  const values = Float64Array.from({ length: count }, () => spread(random, -range, 0));
  const sum = values.reduce((a, b) => a + b, 0);
  return values.map((value) => value / sum);
}

/** The same distribution with every mass moved by a share of about `distance`. */
function near(random: () => number, p: Float64Array, distance: number): Float64Array {
  return p.map((mass) => mass * (1 + distance * (random() - 0.5)));
}

const PAIRS = [
  { what: 'unlike', make: (random: () => number, p: Float64Array) => randomDistribution(random, p.length, 3) },
  {
    what: 'of spread magnitudes',
    make: (random: () => number, p: Float64Array) => randomDistribution(random, p.length, 60),
  },
  { what: 'alike to 1e-3', make: (random: () => number, p: Float64Array) => near(random, p, 1e-3) },
  { what: 'alike to 1e-9', make: (random: () => number, p: Float64Array) => near(random, p, 1e-9) },
  {
    what: 'alike to a few units',
    make: (_: () => number, p: Float64Array) => p.map((mass, i) => stepped(mass, (i % 3) - 1)),
  },
] as const;

/** The largest error over random pairs, in units in the last place. */
function worstOfPairs(
  make: (typeof PAIRS)[number]['make'],
  compute: (p: Float64Array, q: Float64Array) => number,
  exact: (p: Float64Array, q: Float64Array) => Decimal,
): number {
  const random = randomSource(11);
  let worst = 0;
  for (let round = 0; round < 60; round++) {
    const p = randomDistribution(random, 2 + (round % 12), 4);
    const q = make(random, p);
    worst = Math.max(worst, ulpError(compute(p, q), exact(p, q)));
  }
  return worst;
}

describe('logExcess', () => {
  it.each([
    { where: 'near 0', draw: (random: () => number) => (random() < 0.5 ? -1 : 1) * spread(random, -300, -3) },
    { where: 'on [-1/2, 1]', draw: (random: () => number) => 1.5 * random() - 0.5 },
    { where: 'below -1/2', draw: (random: () => number) => -1 + spread(random, -50, -1) },
    { where: 'above 1', draw: (random: () => number) => spread(random, 0, 1000) },
  ])('errs by at most 4 ulp $where (seed 5): three roundings, times the two bits that cancel', ({ draw }) => {
    const worst = worstError(
      logExcess,
      // Sixty digits lose twice the digits of r to the difference, and then the cube of it to the logarithm.
      (r) => preciseLogExcess(r),
      draws(5, 300, draw).map((r) => [r]),
    );
    expect(worst.ulps, `at ${worst.at.join()}`).toBeLessThanOrEqual(4);
  });
});

/** r - log(1 + r) with as many digits as its cancellation needs. */
function preciseLogExcess(r: number): Decimal {
  const Precise = Decimal.clone({
    precision: 60 + 2 * Math.max(0, -Math.floor(Math.log10(Math.abs(r)))),
    minE: -9e15,
    maxE: 9e15,
  });
  const value = new Precise(exactly(r));
  return value.minus(value.plus(1).ln());
}

describe.each(PAIRS)('of distributions $what', ({ make }) => {
  it('the divergence errs by at most 6 ulp', () => {
    const worst = worstOfPairs(make, (p, q) => divergenceOf(p, sumOf(p), q, sumOf(q)), exactDivergence);
    expect(worst).toBeLessThanOrEqual(6);
  });

  it('the Jensen-Shannon divergence errs by at most 6 ulp', () => {
    const worst = worstOfPairs(make, (p, q) => jensenShannonOf(p, sumOf(p), q, sumOf(q)), exactJensenShannon);
    expect(worst).toBeLessThanOrEqual(6);
  });

  it('the generalised divergence errs by at most 6 ulp', () => {
    const worst = worstOfPairs(make, generalizedDivergenceOf, (p, q) => {
      const [ps, qs] = [exactValues(p), exactValues(q)];
      return total(
        ps.map((mass, i) =>
          mass
            .times(logarithm(mass.div(qs[i])))
            .minus(mass)
            .plus(qs[i]),
        ),
      );
    });
    expect(worst).toBeLessThanOrEqual(6);
  });

  it('the cross-entropy errs by at most 3 ulp', () => {
    const worst = worstOfPairs(
      make,
      (p, q) => expectedSurprisal(p, ofProbabilities(q, ONE).surprisals),
      (p, q) => total(exactValues(p).map((mass, i) => mass.times(logarithm(exactly(q[i]))).neg())),
    );
    expect(worst).toBeLessThanOrEqual(3);
  });
});

describe('entropy', () => {
  it('of logits errs by at most 6 ulp, gaps from 0 to 200 (seed 3)', () => {
    const random = randomSource(3);
    let worst = 0;
    for (let round = 0; round < 60; round++) {
      const z = Float64Array.from({ length: 2 + (round % 9) }, () => (random() - 0.5) * 10 ** (2 * random()) * 2);
      // A share of 1 - e^-200 has its logarithm in the digits from the 87th on.
      const Long = Decimal.clone({ precision: 180, minE: -9e15, maxE: 9e15 });
      const exponentials = exactValues(z).map((value) => new Long(value).exp());
      const sum = exponentials.reduce((a, b) => a.plus(b));
      const exact = exponentials.map((e) => e.div(sum).times(e.div(sum).ln()).neg()).reduce((a, b) => a.plus(b));
      const { probabilities, surprisals } = ofLogits(z);
      worst = Math.max(worst, ulpError(expectedSurprisal(probabilities, surprisals), exact));
    }
    expect(worst).toBeLessThanOrEqual(6);
  });

  it('of counts divided by their total errs by at most 4 ulp, also where one class has nearly all (seed 4)', () => {
    const random = randomSource(4);
    let worst = 0;
    for (let round = 0; round < 60; round++) {
      const counts = Float64Array.from({ length: 2 + (round % 9) }, () => Math.ceil(spread(random, 0, 40)));
      const mass = total(exactValues(counts));
      const exact = total(exactValues(counts).map((count) => count.div(mass).times(count.div(mass).ln()).neg()));
      const { probabilities, surprisals } = ofProbabilities(counts, sumOf(counts));
      worst = Math.max(worst, ulpError(expectedSurprisal(probabilities, surprisals), exact));
    }
    expect(worst).toBeLessThanOrEqual(4);
  });
});

/** A table p_r p_c (1 + distance times something random). */
function nearlyIndependent(random: () => number, rows: number, columns: number, distance: number): Float64Array {
  const [a, b] = [randomDistribution(random, rows, 3), randomDistribution(random, columns, 3)];
  return Float64Array.from({ length: rows * columns }, (_, i) => {
    const product = a[Math.floor(i / columns)] * b[i % columns];
    return product * (1 + distance * (random() - 0.5));
  });
}

// What two roundings of every cell leave of dependence is 2^-53 of it; sums kept to 2^-106 know that to some 2^-48.
describe.each([
  { distance: 1, ulps: 8 },
  { distance: 1e-3, ulps: 8 },
  { distance: 1e-9, ulps: 8 },
  { distance: 0, ulps: 64 },
])('of tables that are independent to $distance', ({ distance, ulps }) => {
  it(`mutual information errs by at most ${ulps} ulp (seed 6)`, () => {
    const random = randomSource(6);
    let worst = 0;
    for (let round = 0; round < 30; round++) {
      const [rows, columns] = [2 + (round % 3), 2 + (round % 4)];
      const table = nearlyIndependent(random, rows, columns, distance);
      const exact = exactMutualInformation(table, columns);
      worst = Math.max(worst, ulpError(mutualInformationOf(table, columns, sumOf(table)), exact));
    }
    expect(worst).toBeLessThanOrEqual(ulps);
  });

  it('conditional entropy errs by at most 4 ulp (seed 7)', () => {
    const random = randomSource(7);
    let worst = 0;
    for (let round = 0; round < 30; round++) {
      const [rows, columns] = [2 + (round % 3), 2 + (round % 4)];
      const table = nearlyIndependent(random, rows, columns, distance);
      const cells = exactValues(table);
      const rowOf = (i: number): Decimal =>
        total(cells.filter((_, j) => Math.floor(j / columns) === Math.floor(i / columns)));
      const exact = total(cells.map((cell, i) => cell.times(cell.div(rowOf(i)).ln()).neg()));
      worst = Math.max(worst, ulpError(conditionalSurprisal(table, table, columns, ONE), exact));
    }
    expect(worst).toBeLessThanOrEqual(4);
  });
});

function exactMutualInformation(table: Float64Array, columns: number): Decimal {
  const cells = exactValues(table);
  const mass = total(cells);
  const rowOf = (i: number): Decimal =>
    total(cells.filter((_, j) => Math.floor(j / columns) === Math.floor(i / columns)));
  const columnOf = (i: number): Decimal => total(cells.filter((_, j) => j % columns === i % columns));
  return total(
    cells.map((cell, i) =>
      cell.div(mass).times(
        cell
          .times(mass)
          .div(rowOf(i).times(columnOf(i)))
          .ln(),
      ),
    ),
  );
}

describe('divergence', () => {
  it('is Infinity where q is 0 under mass, and counts nothing where p is 0', () => {
    const [p, q] = [Float64Array.of(0.5, 0.5, 0), Float64Array.of(1, 0, 0)];
    expect(divergenceOf(p, ONE, q, ONE)).toBe(Infinity);
    expect(divergenceOf(q, ONE, p, ONE)).toBeCloseTo(Math.LN2, 15);
    expect(jensenShannonOf(Float64Array.of(1, 0), ONE, Float64Array.of(0, 1), ONE)).toBeCloseTo(Math.LN2, 15);
  });

  it('of equal distributions is exactly 0', () => {
    const p = Float64Array.of(0.1, 0.2, 0.7);
    expect(divergenceOf(p, sumOf(p), p, sumOf(p))).toBe(0);
    expect(divergenceOfSurprisals(ofProbabilities(p, ONE), ofProbabilities(p, ONE))).toBe(0);
    expect(jensenShannonOf(p, sumOf(p), p, sumOf(p))).toBe(0);
  });

  it('of logits agrees with that of their softmax in 60 digits to 1e-14 of itself, for unlike rows', () => {
    const [z, v] = [Float64Array.of(1, -2, 3, 0.5), Float64Array.of(-1, 2, 0, 4)];
    const softmax = (values: Float64Array): Decimal[] => {
      const exponentials = exactValues(values).map((value) => value.exp());
      return exponentials.map((e) => e.div(total(exponentials)));
    };
    const [p, q] = [softmax(z), softmax(v)];
    const exact = total(p.map((mass, i) => mass.times(mass.div(q[i]).ln())));
    expect(Math.abs(divergenceOfSurprisals(ofLogits(z), ofLogits(v)) / exact.toNumber() - 1)).toBeLessThan(1e-14);
  });

  it('has the same bits on every runtime', () => {
    const random = randomSource(9);
    const values = Array.from({ length: 200 }, () => {
      const [p, q] = [randomDistribution(random, 5, 8), randomDistribution(random, 5, 8)];
      return [divergenceOf(p, sumOf(p), q, sumOf(q)), jensenShannonOf(p, sumOf(p), q, sumOf(q))];
    });
    expect(hashOfBits(values.flat())).toBe('1bdf720c');
  });
});
