import { readCall, type Call, type CalledLoss } from './call.js';
import { countCall, type Counts } from './count.js';
import type { Engine, Problem, Session, Tile } from './engine.js';
import type { EvaluationData } from './evaluation.js';
import { addAll, emptySum, partsOf, type ExactSum } from './exact-sum.js';
import { faultError } from './fault-error.js';
import { giveTileBack, takeTile, tileFiller, unitsOf, type FillTile, type TileStore } from './fill-tile.js';
import type { CallEvaluation, CallOptions } from './loss.js';
import { denominatorOf, emptyMean, makeEvaluation, sumFields } from './make-evaluation.js';
import { readOutput, refuseOverlap, type Output } from './outputs.js';
import { readEngine } from './read-options.js';

/** A loss with the engines of its link. */
export interface EvaluatedLoss extends CalledLoss {
  readonly engines: readonly Engine[];
  readonly tiles: TileStore;
  /** `lossId`, for evaluations. */
  readonly id: () => string;
}

/** What a call computed. */
export interface Computed {
  readonly data: Omit<EvaluationData, 'loss'>;
  readonly gradient: Output | undefined;
  readonly losses: Output | undefined;
}

/** A call that has been read and checked but for its numbers. */
export interface OpenCall {
  readonly call: Call;
  readonly engine: Engine;
  readonly gradient: Output | undefined;
  readonly losses: Output | undefined;
  /** Rows of a larger call that come before those of this one: positions in complaints about logits count from its start. */
  readonly rowsBefore: number;
}

/** An open call whose targets, weights and masks have been checked and counted. */
export interface CountedCall extends OpenCall {
  readonly fill: FillTile;
  readonly tile: Tile;
  readonly counts: Counts;
}

/**
 * The way of a call: read and check, count, open an engine, compute tile by tile, total. Everything that can be known
 * without the logits is checked before the first write; a bad logit found in a tile leaves the outputs filled with NaN.
 */
export function compute(loss: EvaluatedLoss, logits: unknown, targets: unknown, options: CallOptions = {}): Computed {
  const counted = countOpen(loss, openCall(loss, logits, targets, options));
  return computeCounted(loss, counted, gradientScale(counted.call, counted.counts));
}

/** The first step: reads the arguments and makes the outputs. */
export function openCall(
  loss: EvaluatedLoss,
  logits: unknown,
  targets: unknown,
  options: CallOptions,
  rowsBefore = 0,
): OpenCall {
  const call = readCall(loss, logits, targets, options);
  const engine = readEngine(loss.name, loss, options.engine);
  const gradient = readOutput(call.of, 'gradient', options.gradient, call.logits.length, call.logits);
  const losses = readOutput(call.of, 'losses', options.losses, unitsOf(call), call.logits);
  refuseSharedMemory(call, gradient, losses);
  return { call, engine, gradient, losses, rowsBefore };
}

/** The second step: reads all but the logits. */
export function countOpen(loss: EvaluatedLoss, open: OpenCall): CountedCall {
  const { call, engine, gradient, losses, rowsBefore } = open;
  const fill = tileFiller(call);
  const tile = takeTile(loss.tiles, call);
  return { call, engine, gradient, losses, rowsBefore, fill, tile, counts: countCall(call, fill, tile) };
}

/** The last step: reads the logits and writes the outputs. */
export function computeCounted(loss: EvaluatedLoss, counted: CountedCall, scale: number): Computed {
  const { call, engine, gradient, losses, tile, counts } = counted;
  const session = engine.open(problemOf(counted, scale, loss.tiles.scratch));
  const sum = computeTiles(counted, session);
  giveTileBack(loss.tiles, tile, call);
  return { data: describe(call, counts, session.engine ?? engine.name, sum), gradient, losses };
}

/** A computed call as an evaluation. */
export function evaluate(
  loss: EvaluatedLoss,
  logits: unknown,
  targets: unknown,
  options?: CallOptions,
): CallEvaluation {
  const { data, gradient, losses } = compute(loss, logits, targets, options);
  return makeEvaluation(
    { ...data, loss: loss.id() },
    {
      ...(gradient && { gradient: gradient.array }),
      ...(losses && { losses: losses.array }),
    },
  );
}

function refuseSharedMemory(
  { of, logits, targets, sampleWeights, mask }: Call,
  gradient: Output | undefined,
  losses: Output | undefined,
): void {
  for (const [argument, output] of [
    ['gradient', gradient],
    ['losses', losses],
  ] as const) {
    if (output === undefined) continue;
    refuseOverlap(of, argument, output, 'logits', logits.source.data);
    refuseOverlap(of, argument, output, 'targets', targets.numbers.source.data);
    if (sampleWeights !== undefined)
      refuseOverlap(of, argument, output, 'sampleWeights', sampleWeights.numbers.source.data);
    if (mask !== undefined) refuseOverlap(of, argument, output, 'mask', mask.numbers.source.data);
  }
  if (gradient !== undefined && losses !== undefined) refuseOverlap(of, 'losses', losses, 'gradient', gradient.array);
}

/** 1 for a sum, 1 / denominator for a mean, 0 for a mean over nothing. */
export function gradientScale(
  { of, choices }: Call,
  { weight, rows, elements }: Pick<Counts, 'weight' | 'rows' | 'elements'>,
): number {
  const { reduction, denominator, whenEmpty } = choices;
  if (reduction === 'sum') return 1;
  const divisor = denominatorOf({ denominator, weight: weight.pair, rows, elements });
  if (divisor > 0) return 1 / divisor;
  if (whenEmpty === 'throw') throw emptyMean(of);
  return 0;
}

function describe({ choices }: Call, counts: Counts, engine: string, sum: ExactSum): Computed['data'] {
  const { reduction, denominator, whenEmpty } = choices;
  const { elements, rows, ignored } = counts;
  const sums = sumFields(partsOf(sum), counts.weight);
  return { version: 1, reduction, denominator, whenEmpty, ...sums, elements, rows, ignored, engines: [engine] };
}

/** What may be absent is set last: spreading it in takes as long as reading an argument, and a small call reads few. */
function problemOf({ call, counts, gradient, losses }: CountedCall, scale: number, scratch: Float64Array[]): Problem {
  const { choices, layout, logits, plan, targets } = call;
  const problem: { -readonly [Key in keyof Problem]: Problem[Key] } = {
    input: choices.input,
    layout,
    logits: logits.source,
    plan: plan.resolved,
    gradientScale: scale,
    propagate: choices.propagate,
    unnormalized: choices.unnormalized,
    clip: choices.clip,
    sumsOnly: losses === undefined,
    scratch,
  };
  if (gradient !== undefined) problem.gradient = gradient.sink;
  if (targets.kind === 'rows') problem.targets = targets.numbers.source;
  if (counts.hardTargets !== undefined) problem.hardTargets = counts.hardTargets;
  return problem;
}

function computeTiles(counted: CountedCall, session: Session): ExactSum {
  const { call, counts, fill, tile, gradient, losses, rowsBefore } = counted;
  const units = unitsOf(call);
  const capacity = Math.min(session.capacity, tile.keep.length);
  const filling = { targets: session.readsTargets !== true, check: false };
  // A call of one tile was filled when it was counted.
  const isFilled = counts.filled && units <= capacity;
  const sum = emptySum();
  try {
    for (tile.first = 0; tile.first < units; tile.first += capacity) {
      tile.count = Math.min(capacity, units - tile.first);
      if (!isFilled) fill(tile, filling);
      tile.summed = 0;
      const fault = session.run(tile);
      if (fault !== undefined) throw faultError(call, fault, rowsBefore);
      addAll(sum, tile.losses, tile.summed > 0 ? tile.summed : tile.count);
      losses?.sink.write(tile.losses, tile.count, tile.first);
    }
  } catch (error) {
    gradient?.spoil();
    losses?.spoil();
    throw error;
  }
  return sum;
}
