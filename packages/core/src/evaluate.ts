import { readCall, type Call, type CalledLoss } from './call.js';
import { countCall, type Counts } from './count.js';
import type { DetailEngine, Engine, Problem, Session, Tile } from './engine.js';
import type { EvaluationData } from './evaluation.js';
import { addAll, emptySum, partsOf, type ExactSum } from './exact-sum.js';
import { extraOutputs, spoilExtras } from './extras/extra-outputs.js';
import { readExtras, type AskedExtras } from './extras/read-extras.js';
import { openExtras, type RunningExtras } from './extras/run-extras.js';
import { faultError } from './fault-error.js';
import { giveTileBack, takeTile, tileFiller, unitsOf, type FillTile, type TileStore } from './fill-tile.js';
import type { CallEvaluation, CallOptions } from './loss.js';
import { denominatorOf, emptyMean, makeEvaluation, sumFields } from './make-evaluation.js';
import { readOutput, type Output } from './outputs.js';
import { readEngine } from './read-options.js';
import { refuseSharedMemory } from './refuse-shared-memory.js';

/** A loss with the engines of its link. */
export interface EvaluatedLoss extends CalledLoss {
  readonly engines: readonly Engine[];
  /** What computes the extras of a call, where the link has it. */
  readonly details: DetailEngine | undefined;
  readonly tiles: TileStore;
  /** `lossId`, for evaluations. */
  readonly id: () => string;
}

/** What a call computed. */
export interface Computed {
  readonly data: Omit<EvaluationData, 'loss'>;
  readonly gradient: Output | undefined;
  readonly losses: Output | undefined;
  readonly extras: AskedExtras | undefined;
}

/** A call that has been read and checked but for its numbers. */
export interface OpenCall {
  readonly call: Call;
  readonly engine: Engine;
  readonly gradient: Output | undefined;
  readonly losses: Output | undefined;
  /** What it asks for beside them. */
  readonly extras: AskedExtras | undefined;
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
  const extras = readExtras(call, loss, options);
  refuseSharedMemory(call, gradient, losses, extras);
  return { call, engine, gradient, losses, extras, rowsBefore };
}

/** The second step: reads all but the logits. */
export function countOpen(loss: EvaluatedLoss, open: OpenCall): CountedCall {
  const { call, engine, gradient, losses, extras, rowsBefore } = open;
  const fill = tileFiller(call);
  const tile = takeTile(loss.tiles, call);
  return { call, engine, gradient, losses, extras, rowsBefore, fill, tile, counts: countCall(call, fill, tile) };
}

/** The last step: reads the logits and writes the outputs. */
export function computeCounted(loss: EvaluatedLoss, counted: CountedCall, scale: number): Computed {
  const { call, engine, gradient, losses, extras, tile, counts } = counted;
  const problem = problemOf(counted, scale, loss.tiles.scratch);
  const session = engine.open(problem);
  const running = extras && openExtras(call, extras, problem, tile.keep.length);
  const sum = computeTiles(counted, session, running);
  giveTileBack(loss.tiles, tile, call);
  const name = session.engine ?? engine.name;
  const plain = describe(call, counts, enginesOf(name, extras), sum);
  return { data: running ? { ...plain, ...running.fields() } : plain, gradient, losses, extras };
}

/** A computed call as an evaluation. */
export function evaluate(
  loss: EvaluatedLoss,
  logits: unknown,
  targets: unknown,
  options?: CallOptions,
): CallEvaluation {
  const { data, gradient, losses, extras } = compute(loss, logits, targets, options);
  return makeEvaluation(
    { ...data, loss: loss.id() },
    {
      ...(gradient && { gradient: gradient.array }),
      ...(losses && { losses: losses.array }),
      ...(extras && extraOutputs(extras)),
    },
  );
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

/** Names of the engines that had a part in a call, sorted. */
function enginesOf(name: string, extras: AskedExtras | undefined): readonly string[] {
  const other = extras?.engine?.name;
  return other === undefined || other === name ? [name] : [name, other].sort();
}

function describe({ choices }: Call, counts: Counts, engines: readonly string[], sum: ExactSum): Computed['data'] {
  const { reduction, denominator, whenEmpty } = choices;
  const { elements, rows, ignored } = counts;
  const sums = sumFields(partsOf(sum), counts.weight);
  return {
    version: 1,
    reduction,
    denominator,
    whenEmpty,
    ...sums,
    elements,
    rows,
    ignored,
    engines,
  };
}

/** What may be absent is set last: spreading it in takes as long as reading an argument, and a small call reads few. */
function problemOf(
  { call, counts, gradient, losses, extras }: CountedCall,
  scale: number,
  scratch: Float64Array[],
): Problem {
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
    sumsOnly: losses === undefined && extras === undefined,
    scratch,
  };
  if (gradient !== undefined) problem.gradient = gradient.sink;
  if (targets.kind === 'rows') problem.targets = targets.numbers.source;
  if (counts.hardTargets !== undefined && extras === undefined) problem.hardTargets = counts.hardTargets;
  return problem;
}

function computeTiles(counted: CountedCall, session: Session, running: RunningExtras | undefined): ExactSum {
  const { call, counts, fill, tile, gradient, losses, extras, rowsBefore } = counted;
  const units = unitsOf(call);
  const capacity = Math.min(session.capacity, running?.capacity ?? tile.keep.length, tile.keep.length);
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
      running?.add(tile);
    }
  } catch (error) {
    gradient?.spoil();
    losses?.spoil();
    spoilExtras(extras);
    throw error;
  }
  return sum;
}
