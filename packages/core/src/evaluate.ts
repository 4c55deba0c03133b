import { readCall, type Call, type CalledLoss } from './call.js';
import { countCall, type Counts } from './count.js';
import type { Engine, Fault, Problem, Session, Tile } from './engine.js';
import { rangeError, show } from './errors.js';
import type { EvaluationData } from './evaluation.js';
import { addAll, emptySum, partsOf, type ExactSum } from './exact-sum.js';
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

/**
 * The way of a call: read and check, count, open an engine, compute tile by tile, total. Everything that can be known
 * without the logits is checked before the first write; a bad logit found in a tile leaves the outputs filled with NaN.
 */
export function compute(loss: EvaluatedLoss, logits: unknown, targets: unknown, options: CallOptions = {}): Computed {
  const call = readCall(loss, logits, targets, options);
  const engine = readEngine(loss.name, loss, options.engine);
  const gradient = readOutput(call.of, 'gradient', options.gradient, call.logits.length, call.logits);
  const losses = readOutput(call.of, 'losses', options.losses, unitsOf(call), call.logits);
  refuseSharedMemory(call, gradient, losses);
  const fill = tileFiller(call);
  const tile = takeTile(loss.tiles, call);
  const counts = countCall(call, fill, tile);
  const session = engine.open(problemOf(call, gradient, gradientScale(call, counts), loss.tiles.scratch));
  const sum = computeTiles(call, session, fill, tile, { gradient, losses });
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

function refuseSharedMemory(call: Call, gradient: Output | undefined, losses: Output | undefined): void {
  const inputs = [
    ['logits', call.logits.source.data],
    ['targets', call.targets.numbers.source.data],
    ['sampleWeights', call.sampleWeights?.numbers.source.data],
    ['mask', call.mask?.numbers.source.data],
  ] as const;
  refuseOverlap(call.of, 'gradient', gradient, inputs);
  refuseOverlap(call.of, 'losses', losses, [...inputs, ['gradient', gradient?.array]]);
}

/** 1 for a sum, 1 / denominator for a mean, 0 for a mean over nothing. */
function gradientScale({ of, choices }: Call, { weight, rows, elements }: Counts): number {
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

function problemOf(call: Call, gradient: Output | undefined, scale: number, scratch: Float64Array[]): Problem {
  const { choices, layout, logits, plan, targets } = call;
  return {
    input: choices.input,
    layout,
    logits: logits.source,
    plan: plan.resolved,
    ...(targets.kind === 'rows' && { targets: targets.numbers.source }),
    ...(gradient && { gradient: gradient.sink }),
    gradientScale: scale,
    propagate: choices.propagate,
    unnormalized: choices.unnormalized,
    clip: choices.clip,
    scratch,
  };
}

function computeTiles(
  call: Call,
  session: Session,
  fill: FillTile,
  tile: Tile,
  { gradient, losses }: Omit<Computed, 'data'>,
): ExactSum {
  const units = unitsOf(call);
  const capacity = Math.min(session.capacity, tile.keep.length);
  const sum = emptySum();
  try {
    for (tile.first = 0; tile.first < units; tile.first += capacity) {
      tile.count = Math.min(capacity, units - tile.first);
      // A call of one tile was filled when it was counted.
      if (tile.count < units) fill(tile, true);
      const fault = session.run(tile);
      if (fault !== undefined) throw faultError(call, fault);
      addAll(sum, tile.losses, tile.count);
      losses?.sink.write(tile.losses, tile.count, tile.first);
    }
  } catch (error) {
    gradient?.spoil();
    losses?.spoil();
    throw error;
  }
  return sum;
}

function faultError({ of, choices, layout, unit }: Call, { kind, position, value }: Fault): RangeError {
  const argument = `${choices.input}[${String(position)}]`;
  const row = String(Math.floor(position / (layout.classes * layout.inner)) * layout.inner + (position % layout.inner));
  const got = show(value);
  switch (kind) {
    case 'number':
      // A binary logit may be any number: both infinities are certain predictions.
      return rangeError({
        of,
        argument,
        requirement: unit === 'elements' && choices.input === 'logits' ? 'a number' : 'a finite number or -Infinity',
        got,
        fix: "to let it through as NaN pass invalid: 'propagate'",
      });
    case 'masked':
      return rangeError({
        of,
        argument,
        requirement: `a class other than -Infinity in row ${row}`,
        got: 'only -Infinity',
      });
    case 'range':
      return choices.input === 'probabilities'
        ? rangeError({
            of,
            argument,
            requirement: 'a probability in [0, 1]',
            got,
            fix: 'for logits leave the option input out',
          })
        : rangeError({
            of,
            argument,
            requirement: 'a log-probability of at most 0',
            got,
            fix: 'for logits leave the option input out',
          });
    case 'sum':
      return rangeError({
        of,
        argument,
        requirement: `a row of probabilities that sums to 1 (row ${row})`,
        got: `a sum of ${got}`,
        fix: 'to take it as it is pass unnormalized: true',
      });
  }
}
