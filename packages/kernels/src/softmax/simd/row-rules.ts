import type { Tile } from '@surprisal/core';
import { surprisal, surprisalSlope } from '../../given/surprisal-terms.js';
import { exp, log, log1p } from '../../scalar/index.js';
import { exponentials } from '../exponentials.js';
import { addNumbers, addPairs, multiplyPairs, pairLow } from './pairs.js';
import { HEADROOM, LARGEST_UNSHIFTED, SMALLEST_OWN } from './plan-numbers.js';
import type { PlanRows } from './plan-rows.js';
import { RECORD, RECORD_LENGTH } from './row-records.js';

const LOG2E = 1.4426950408889634;
/** 2^-60 of the sum: a class this far below says more by its logit than by its exponential. */
const FAR = 8.673617379884035e-19;

/** Chooses base and shift of the exponentials of a row whose largest logit is known. Even shifts change no bit of a mantissa. */
export function shiftRow({ stage, steps, scores }: PlanRows, row: number, apart: number): void {
  const records = stage.records.numbers;
  const at = row * RECORD_LENGTH;
  const logit = records[at + RECORD.TOP];
  const base = Math.abs(steps.scale * logit) > LARGEST_UNSHIFTED ? logit : 0;
  const offset = steps.offsets === undefined ? 0 : steps.offsets[records[at + RECORD.TOP_CLASS]];
  records[at + RECORD.TOP_OFFSET] = offset;
  records[at + RECORD.BASE] = base;
  // Found without what the offsets add, 0 at most, none is larger than this one without them.
  const top = topOf(records, at, steps.scale, scores === undefined ? 0 : offset);
  records[at + RECORD.SHIFT] = 2 * Math.round((top * LOG2E) / 2) - HEADROOM;
  records[at + RECORD.APART] = apart;
}

/** y of the largest logit, less the base. */
function topOf(records: Float64Array, at: number, scale: number, offset: number): number {
  return scale * (records[at + RECORD.TOP] - records[at + RECORD.BASE] + records[at + RECORD.TOP_LOW]) + offset;
}

const pair: Float64Array = /* @__PURE__ */ new Float64Array(2);

/** log(sum_c exp(y_c - y_top)), the largest logit's own surprisal. */
function surprisalOfTop({ steps }: PlanRows, records: Float64Array, at: number, total: number): number {
  pair[0] = topOf(records, at, steps.scale, records[at + RECORD.TOP_OFFSET]);
  exponentials(pair, 0, pair, 1, 1, 0, records[at + RECORD.SHIFT]);
  return log(total / pair[1]);
}

/** log sum_c exp(y_c), with what was taken off the offsets. */
export function logPartition(rows: PlanRows, records: Float64Array, at: number, total: number): number {
  const { steps } = rows;
  const top = steps.scale * (records[at + RECORD.TOP] + records[at + RECORD.TOP_LOW]);
  return top + (records[at + RECORD.TOP_OFFSET] + steps.largestOffset) + surprisalOfTop(rows, records, at, total);
}

/** y_top - y_label; what rounding took from it is left in `pairLow`. */
function gapOfLabel({ steps }: PlanRows, records: Float64Array, at: number, label: number): number {
  const { scale, scaleLow, offsets, offsetsLow } = steps;
  const difference = addNumbers(records[at + RECORD.TOP], -records[at + RECORD.LABEL]);
  const rest = pairLow[0] + records[at + RECORD.TOP_LOW] - records[at + RECORD.LABEL_LOW];
  const gap = multiplyPairs(difference, rest, scale, scaleLow);
  if (offsets === undefined || offsetsLow === undefined || gap === Infinity) return gap;
  const gapLow = pairLow[0];
  const top = records[at + RECORD.TOP_CLASS];
  const offset = addNumbers(offsets[top], -offsets[label]);
  return addPairs(gap, gapLow, offset, pairLow[0] + offsetsLow[top] - offsetsLow[label]);
}

/** The exponential of a label that is a pair, after a margin or a softcap, in the units of its row: exp(y - base) to twice the digits of y. */
function exponentialOfLabel({ steps }: PlanRows, records: Float64Array, at: number, label: number): number {
  const { scale, scaleLow, offsets, offsetsLow } = steps;
  const logit = records[at + RECORD.LABEL];
  const difference = addNumbers(logit - records[at + RECORD.BASE], records[at + RECORD.LABEL_LOW]);
  pair[0] = multiplyPairs(difference, pairLow[0], scale, scaleLow);
  if (offsets !== undefined && offsetsLow !== undefined)
    pair[0] = addPairs(pair[0], pairLow[0], offsets[label], offsetsLow[label]);
  const rest = pairLow[0];
  exponentials(pair, 0, pair, 1, 1, 0, records[at + RECORD.SHIFT]);
  return pair[1] + pair[1] * rest;
}

/** The surprisal of a label whose exponential says little; what rounding took from it is left in `pairLow`. */
function surprisalOfFar(rows: PlanRows, records: Float64Array, at: number, label: number, total: number): number {
  const logarithm = surprisalOfTop(rows, records, at, total);
  const gap = gapOfLabel(rows, records, at, label);
  return addPairs(gap, pairLow[0], logarithm, 0);
}

/** 2^-960: a smaller factor may have lost digits that its products with exponentials have. */
const SMALLEST_FACTOR = 1.0261342003245941e-289;
const TWO_100 = 2 ** 100;

/** The factor of the exponentials; a tiny one, as of the slopes of a modulated surprisal, in two parts. */
function setFactor(records: Float64Array, at: number, push: number, total: number): void {
  const isTiny = push !== 0 && Math.abs(push / total) < SMALLEST_FACTOR;
  records[at + RECORD.FACTOR] = (isTiny ? push * TWO_100 : push) / total + 0;
  records[at + RECORD.AFTER] = isTiny ? 1 / TWO_100 : 1;
}

/**
 * The rule of a label: loss d psi(l_y) + s strength lse^2, gradient_j = (F + T) e_j / total and at the label (T e_y - F rest) / total,
 * with F = -d psi'(l_y) and T = 2 s strength lse. Returns the gradient at the label.
 */
export function ruleOfLabel(rows: PlanRows, tile: Tile, row: number): number {
  const { problem, steps, measure, stage } = rows;
  const { plan } = problem;
  const records = stage.records.numbers;
  const at = row * RECORD_LENGTH;
  const label = tile.labels[row];
  const isPair = steps.margins !== undefined || steps.cap !== undefined;
  const own = isPair ? exponentialOfLabel(rows, records, at, label) : records[at + RECORD.OWN];
  const rest = records[at + RECORD.REST] + records[at + RECORD.REST + 1];
  const total = own + rest;
  const isFar = own < total * FAR;
  const cost = isFar ? surprisalOfFar(rows, records, at, label, total) : log1p(rest / own);
  const lost = isFar && cost < Infinity ? pairLow[0] : 0;
  const weight = tile.weights[row];
  const mass = weight * measure.direct * (measure.directWeights === undefined ? 1 : measure.directWeights[label]);
  const scale = problem.gradientScale * steps.scale;
  let loss = cost;
  let pull = mass * scale;
  if (!plan.crossEntropy) {
    const p = own < SMALLEST_OWN ? exp(-cost) : own / total;
    loss = surprisal(plan.terms, -cost, rest / total);
    pull *= -surprisalSlope(plan.terms, -cost, p, rest / total, -lost);
  }
  // No mass, no loss: not even where the surprisal is infinite.
  tile.losses[row] = mass === 0 ? 0 : mass * loss;
  let push = 0;
  if (plan.partition !== 0) {
    const lse = logPartition(rows, records, at, total);
    tile.losses[row] += weight * plan.partition * lse * lse;
    push = scale * weight * 2 * plan.partition * lse;
  }
  setFactor(records, at, pull + push, total);
  if (steps.allowed !== undefined && !steps.allowed[label]) return 0;
  return (push * own - pull * rest) / total;
}

/**
 * The rule of a target row u with weight s: loss s (sum u_c (y_top - y_c) + |u| log(1 + rest / e_top) + strength lse^2), gradient_j =
 * s ((|u| + t) e_j / total - u_j), t = 2 strength lse. Returns the gradient at the largest logit, whose own is apart.
 */
export function ruleOfTarget(rows: PlanRows, tile: Tile, row: number): number {
  const { problem, steps, stage, target } = rows;
  const { partition } = problem.plan;
  const records = stage.records.numbers;
  const at = row * RECORD_LENGTH;
  const own = records[at + RECORD.OWN];
  const rest = records[at + RECORD.REST] + records[at + RECORD.REST + 1];
  const total = own + rest;
  if (target.kind === 'spread') spreadTarget(rows, records, at, tile.labels[row]);
  const mass = records[at + RECORD.MASS] + records[at + RECORD.MASS + 1];
  // Beside an infinite gap the low part is NaN.
  const gapsLow = records[at + RECORD.GAPS] === Infinity ? 0 : records[at + RECORD.GAPS + 1];
  const gaps = records[at + RECORD.GAPS] + gapsLow;
  const weight = tile.weights[row];
  tile.losses[row] = mass === 0 || weight === 0 ? 0 : weight * (gaps + mass * log1p(rest / own));
  let push = 0;
  if (partition !== 0) {
    const lse = logPartition(rows, records, at, total);
    tile.losses[row] += weight * partition * lse * lse;
    push = 2 * partition * lse;
  }
  const scale = problem.gradientScale * steps.scale * weight;
  const ofTop = records[at + RECORD.OWN_MASS];
  // Without weight a negative push would make a factor of -0.
  records[at + RECORD.FACTOR] = (scale * (mass + push)) / total + 0;
  records[at + RECORD.PULL] = scale * (target.kind === 'spread' ? records[at + RECORD.SHARE] : 1);
  records[at + RECORD.DIRECT] *= scale;
  return (scale * ((mass - ofTop + push) * own - ofTop * rest)) / total;
}

/** Makes gaps and mass of u = d [c = y] + b v of those of v, which all rows share. */
function spreadTarget(rows: PlanRows, records: Float64Array, at: number, label: number): void {
  const { direct, directWeights, spread, spreadWeights } = rows.measure;
  const d = direct * (directWeights === undefined ? 1 : directWeights[label]);
  const b = spread * (spreadWeights === undefined ? 1 : spreadWeights[label]);
  const gap = d === 0 ? 0 : d * gapOfLabel(rows, records, at, label);
  const gapsLow = records[at + RECORD.GAPS] === Infinity ? 0 : records[at + RECORD.GAPS + 1];
  const gaps = b === 0 ? 0 : b * (records[at + RECORD.GAPS] + gapsLow);
  records[at + RECORD.GAPS] = gap + gaps;
  records[at + RECORD.GAPS + 1] = 0;
  const ofOthers = b * (records[at + RECORD.MASS] + records[at + RECORD.MASS + 1]);
  // The sum as a pair: the mass of all less that of the largest logit's must keep its digits.
  records[at + RECORD.MASS] = addNumbers(d, ofOthers);
  records[at + RECORD.MASS + 1] = pairLow[0];
  const isTop = label === records[at + RECORD.APART];
  records[at + RECORD.OWN_MASS] = b * records[at + RECORD.OWN_MASS] + (isTop ? d : 0);
  records[at + RECORD.SHARE] = b;
  records[at + RECORD.DIRECT] = isTop ? 0 : d;
}
