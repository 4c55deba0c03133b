import type { Call } from '../call.js';
import { positionOf } from '../number-source.js';
import type { CallOptions, Logits, Loss, Targets } from '../loss.js';
import { refusedFinding } from './describe-refusal.js';
import type { Finding } from './finding.js';
import { keptRows } from './kept-rows.js';

/** A row that is right to the last bit is no fault; that many are, is. */
const TOLERATED = 0.1;

/** Rows and how they fare. */
interface Rows {
  counted: number;
  readonly infinite: number[];
  /** A loss, and no gradient. */
  readonly stuck: number[];
  /** Neither. */
  readonly sure: number[];
}

/** Rows without gradient, and rows of infinite loss. What the call refuses is a finding too. */
export function findSaturated(
  loss: Loss,
  call: Call,
  logits: Logits,
  targets: Targets,
  options: CallOptions,
): readonly Finding[] {
  try {
    const { gradient = [], losses = [] } = loss.evaluate(logits, targets, {
      ...options,
      reduction: 'sum',
      gradient: true,
      losses: true,
    });
    const rows = sortRows(call, gradient, losses);
    return [...infiniteLoss(call, rows), ...stuckRows(call, rows), ...sureRows(call, rows)];
  } catch (error) {
    return [refusedFinding(error)];
  }
}

function sortRows(call: Call, gradient: ArrayLike<number>, losses: ArrayLike<number>): Rows {
  const { unit, layout } = call;
  const moves = new Uint8Array(losses.length);
  const { classes, inner } = layout;
  for (let i = 0; i < gradient.length; i++)
    if (gradient[i] !== 0) moves[unit === 'classes' ? Math.floor(i / (classes * inner)) * inner + (i % inner) : i] = 1;
  const kept = keptRows(call);
  // Rows of weight 0 have neither loss nor gradient, and nothing is wrong with them.
  const weighed = call.sampleWeights !== undefined || call.labelWeights !== undefined;
  const rows: Rows = { counted: 0, infinite: [], stuck: [], sure: [] };
  for (let row = 0; row < losses.length; row++) {
    if (kept[row] === 0) continue;
    rows.counted++;
    const value = losses[row] ?? 0;
    if (value === Infinity) rows.infinite.push(row);
    else if (moves[row] === 0 && value > 0) rows.stuck.push(row);
    else if (moves[row] === 0 && !weighed) rows.sure.push(row);
  }
  return rows;
}

function place({ unit, layout }: Call, rows: readonly number[]): Pick<Finding, 'position' | 'count'> {
  const [first = 0] = rows;
  return { position: unit === 'classes' ? positionOf(layout, first, 0) : first, count: rows.length };
}

function infiniteLoss(call: Call, { infinite }: Rows): readonly Finding[] {
  if (infinite.length === 0) return [];
  return [
    {
      code: 'infinite-loss',
      severity: 'error',
      argument: 'logits',
      ...place(call, infinite),
      cause: `The loss of ${countText(infinite)} is Infinity: the target has mass where the prediction is impossible (a logit of -Infinity, a masked class, a probability of 0).`,
      fix: 'leave these rows out with the option mask, take the class out of the mask, or do not smooth over masked classes',
    },
  ];
}

function stuckRows(call: Call, { stuck }: Rows): readonly Finding[] {
  if (stuck.length === 0) return [];
  return [
    {
      code: 'saturated-rows',
      severity: 'warning',
      argument: 'logits',
      ...place(call, stuck),
      cause: `The loss of ${countText(stuck)} is above 0 and the gradient all 0: the logits are so far apart, or capped so hard, that the row cannot move them.`,
      fix: 'look for logits that have grown without bound, a cap or temperature that is too small, or a surprisal that gives up on rows it finds impossible',
    },
  ];
}

function sureRows(call: Call, { sure, counted }: Rows): readonly Finding[] {
  if (sure.length <= TOLERATED * counted) return [];
  return [
    {
      code: 'saturated-rows',
      severity: 'warning',
      argument: 'logits',
      ...place(call, sure),
      cause: `The loss and the gradient of ${countText(sure)} are 0 to the last bit: the logits are so far apart that nothing is left to learn from.`,
      fix: 'look for logits that have grown without bound (weight decay, a lower learning rate), or for the answer among the inputs',
    },
  ];
}

function countText(rows: readonly number[]): string {
  return rows.length === 1 ? '1 row' : `${String(rows.length)} rows`;
}
