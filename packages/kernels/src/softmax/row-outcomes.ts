import { addAll, type Outcomes } from '../given/outcome-costs.js';
import { clearPair } from '../stage/block-sums.js';
import { withoutNegativeZero } from '../stage/negative-zero.js';
import { loadVector, vectorAt, type MeasureRows } from './row-measures.js';
import { loadExponentials, loadLogits } from './row-passes.js';
import { surprisalOfOwn } from './row-statistics.js';

/**
 * Writes log-probabilities, probabilities, 1 - p and masses of the classes `from` to `from + count - 1` of the row at hand,
 * after `sumAroundTop` and `beginMeasure`, at `at`, and makes their slopes 0.
 *
 * l_c = (z_c - m) - log1p(rest / e_m) adds two numbers of one sign. No class but that of m has a probability over one half,
 * so that 1 - p is right for all others.
 */
export function writeOutcomes(rows: MeasureRows, from: number, count: number, outcomes: Outcomes, at: number): void {
  const { stage, statistics, label, direct, spread } = rows;
  const { logProbabilities, probabilities, complements, masses, slopes, lost } = outcomes;
  const { own, rest, total, top, topClass } = statistics;
  const surprisalOfTop = surprisalOfOwn(statistics);
  loadLogits(stage, from, count);
  loadExponentials(stage, from, count);
  const { z, zAt, e, eAt } = stage;
  const vector = loadVector(rows, from, count);
  const vAt = vectorAt(rows, from);
  for (let j = 0; j < count; j++) {
    const isTop = from + j === topClass;
    const p = (isTop ? own : e[eAt + j]) / total;
    const gap = z[zAt + j] - top;
    const logarithm = gap - surprisalOfTop;
    logProbabilities[at + j] = logarithm;
    lost[at + j] = p < SMALLEST_NORMAL ? lostOfLogarithm(z[zAt + j], top, gap, surprisalOfTop, logarithm) : 0;
    probabilities[at + j] = p;
    complements[at + j] = isTop ? rest / total : 1 - p;
    masses[at + j] = spread * vector[vAt + j] + (from + j === label ? direct : 0);
    slopes[at + j] = 0;
  }
}

/** 2^-1022. */
const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** The rounding errors of gap = z - top by two-sum, and of gap - surprisal by Dekker's form of it for |gap| >= surprisal. */
function lostOfLogarithm(z: number, top: number, gap: number, surprisal: number, logarithm: number): number {
  if (gap === -Infinity) return 0;
  const virtual = gap - z;
  const ofGap = z - (gap - virtual) - (top + virtual);
  return ofGap + (gap - logarithm - surprisal);
}

/** Adds the slopes of `count` outcomes to the pair. A class that is masked has none, whatever a custom rule says. */
export function addSlopes(outcomes: Outcomes, at: number, count: number, pair: Float64Array): void {
  const { probabilities, masses, slopes, logProbabilities } = outcomes;
  for (let j = at; j < at + count; j++)
    if (logProbabilities[j] === -Infinity && probabilities[j] === 0 && masses[j] === 0) slopes[j] = 0;
  addAll(slopes, at, count, pair);
}

/** What the slopes of a row make of its gradient. */
export interface SlopeFactors {
  /** The sum of all slopes: what it is rounded to, and what that lost. */
  readonly slope: number;
  readonly lost: number;
  /** T = 2 s strength lse. */
  readonly push: number;
  readonly scale: number;
  readonly tiny: number;
}

/**
 * gradient_j = slope_j (1 - p_j) - p_j (the sum of the other slopes) + T p_j, the chain rule through l = z - lse with a
 * class's own slope kept apart, so that nothing cancels where it is the only one. Beside a large own slope the others may
 * be less than the rounding of their sum, which therefore comes with what it lost.
 */
export function writeSlopeGradient(
  outcomes: Outcomes,
  at: number,
  count: number,
  { slope, lost, push, scale, tiny }: SlopeFactors,
  gradient: Float64Array,
  gradientAt: number,
): void {
  const { probabilities, complements, slopes } = outcomes;
  for (let j = 0; j < count; j++) {
    const own = slopes[at + j];
    const value = own * complements[at + j] - probabilities[at + j] * (slope - own + lost - push);
    gradient[gradientAt + j] = withoutNegativeZero(scale * value, tiny);
  }
}

/** Sums the slopes of a whole row into the pair. */
export function sumSlopes(outcomes: Outcomes, at: number, count: number, pair: Float64Array): void {
  clearPair(pair);
  addSlopes(outcomes, at, count, pair);
}
