import type { Call } from '../call.js';
import { callWeigher, type Weigher } from '../count.js';
import type { DetailEngine, DetailRequest, DetailSession, DetailTile, Problem, Tile } from '../engine.js';
import { addAll } from '../exact-sum.js';
import type { ExtraData } from './extra-data.js';
import { addNumber, emptyTotals, extraFields, type ExtraTotals } from './extra-fields.js';
import type { AskedExtras } from './read-extras.js';

/** The extras of a call in progress. */
export interface RunningExtras {
  /** The most rows that one tile may hold. */
  readonly capacity: number;
  /** Adds a tile whose losses have been computed. Its losses may be gone afterwards. */
  readonly add: (tile: Tile) => void;
  readonly fields: () => ExtraData;
}

/** Opens the extras of a call. */
export function openExtras(call: Call, asked: AskedExtras, problem: Problem, room: number): RunningExtras {
  const { perClass, accuracy, bins, floor, engine } = asked;
  const classes = call.unit === 'classes' ? call.layout.classes : 2;
  const totals = emptyTotals({
    classes: perClass ? classes : undefined,
    bins: bins > 0 ? bins : undefined,
    accuracy,
    floor,
  });
  const sessions = engine === undefined ? [] : openSessions(call, asked, engine, problem);
  const capacity = Math.min(room, ...sessions.map((session) => session.capacity));
  const details = newDetails(capacity);
  const weigh = perClass ? callWeigher(call) : undefined;
  const add = (tile: Tile): void => {
    for (const session of sessions) session.run(tile, details);
    if (asked.argmax) asked.argmax.set(details.predicted.subarray(0, tile.count), tile.first);
    if (totals.floor) addAll(totals.floor, details.floors, tile.count);
    if (totals.excess) addAll(totals.excess, details.excesses, tile.count);
    if (!perClass && !accuracy && bins === 0) return;
    if (call.targets.kind !== 'rows') fillTruths(call, tile, details);
    addPredictions(totals, tile, details);
    if (totals.perClass) addClasses(totals.perClass, tile, details, weigh);
  };
  return { capacity, add, fields: () => extraFields(totals) };
}

/** Predictions know no margin; where the plan has one, they come from a session of their own. */
function openSessions(call: Call, asked: AskedExtras, engine: DetailEngine, problem: Problem): DetailSession[] {
  const { floor, argmax, accuracy, bins, probabilities, hessianDiagonal, perClass } = asked;
  const { plan } = problem;
  const truths = call.targets.kind === 'rows' && (perClass || accuracy || bins > 0);
  const none: DetailRequest = { predictions: false, confidences: false, truths: false, floors: false };
  const predicted: DetailRequest = {
    ...none,
    predictions: argmax !== undefined || accuracy || bins > 0,
    confidences: bins > 0,
    ...(probabilities && { probabilities: probabilities.sink }),
  };
  const others: DetailRequest = {
    ...none,
    truths,
    floors: floor,
    ...(hessianDiagonal && { hessianDiagonal: hessianDiagonal.sink }),
  };
  const logitSteps = plan.logitSteps.filter(({ kind }) => kind !== 'margin');
  if (logitSteps.length === plan.logitSteps.length)
    return [engine.open(problem, { ...others, ...predicted, truths, floors: floor })];
  return [engine.open({ ...problem, plan: { ...plan, logitSteps } }, predicted), engine.open(problem, others)];
}

function newDetails(capacity: number): DetailTile {
  return {
    predicted: new Int32Array(capacity),
    confidences: new Float64Array(capacity),
    truths: new Int32Array(capacity),
    floors: new Float64Array(capacity),
    excesses: new Float64Array(capacity),
  };
}

/** The class of hard labels; of a binary target its larger outcome, the negative of equals. */
function fillTruths({ unit }: Call, { count, labels, targets }: Tile, { truths }: DetailTile): void {
  if (unit === 'classes') truths.set(labels.subarray(0, count));
  else for (let i = 0; i < count; i++) truths[i] = (targets[i] ?? 0) > 0.5 ? 1 : 0;
}

function addPredictions(totals: ExtraTotals, { count, keep }: Tile, details: DetailTile): void {
  const { bins, perClass } = totals;
  if (bins === undefined && totals.correct === undefined) return;
  const { predicted, confidences, truths } = details;
  for (let i = 0; i < count; i++) {
    if (keep[i] === 0) continue;
    const truth = truths[i] ?? -1;
    const right = predicted[i] === truth ? 1 : 0;
    if (totals.correct !== undefined) totals.correct += right;
    const own = perClass?.[truth];
    if (own?.correct !== undefined) own.correct += right;
    const confidence = confidences[i] ?? Number.NaN;
    // (i / n, (i + 1) / n]; a probability input may exceed 1 by its rounding. NaN falls in no bin.
    const bin = bins?.[Math.min(bins.length, Math.max(1, Math.ceil(confidence * bins.length))) - 1];
    if (bin === undefined) continue;
    bin.rows++;
    bin.correct += right;
    addNumber(bin.confidence, confidence);
  }
}

function addClasses(
  perClass: NonNullable<ExtraTotals['perClass']>,
  tile: Tile,
  { truths }: DetailTile,
  weigh: Weigher | undefined,
): void {
  const losses = tile.losses.slice(0, tile.count);
  const weights = weigh?.(tile);
  for (let i = 0; i < tile.count; i++) {
    const own = tile.keep[i] === 0 ? undefined : perClass[truths[i] ?? -1];
    if (own === undefined) continue;
    own.rows++;
    addNumber(own.sum, losses[i] ?? 0);
    addNumber(own.weight, weights === undefined ? 1 : (weights[i] ?? 0));
  }
}
