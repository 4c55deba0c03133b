import {
  numberSink,
  numberSource,
  type Engine,
  type Fault,
  type InputKind,
  type IntegerNumbers,
  type ResolvedPlan,
  type RowLayout,
  type Tile,
} from '@surprisal/core';

/** What a test says of a call; the rest has the usual values. */
export interface EngineCall {
  readonly engine: Engine;
  readonly logits: Float32Array | Float64Array;
  readonly layout: RowLayout;
  readonly plan?: Partial<ResolvedPlan>;
  readonly labels?: readonly number[];
  /** Target rows of the softmax link. */
  readonly rows?: Float32Array | Float64Array;
  /** Targets of the sigmoid link. */
  readonly targets?: readonly number[];
  /** The same of the sigmoid link, as an engine may read them itself: those of the tiles are then not filled in. */
  readonly hardTargets?: IntegerNumbers;
  /** Losses need not be there one by one. */
  readonly sumsOnly?: boolean;
  readonly keep?: readonly number[];
  readonly weights?: readonly number[];
  readonly input?: InputKind;
  readonly gradientScale?: number;
  readonly propagate?: boolean;
  readonly unnormalized?: boolean;
  readonly clip?: number;
  readonly valueOnly?: boolean;
  /** The most rows of a tile. */
  readonly tileRows?: number;
}

export interface EngineResult {
  readonly losses: Float64Array;
  readonly gradient: Float32Array | Float64Array;
  readonly fault: Fault | undefined;
  /** Of a call for sums only: the numbers that each tile left to be added. */
  readonly sums?: readonly (readonly number[])[];
}

export const CROSS_ENTROPY: ResolvedPlan['terms'] = [{ coefficient: 1, power: 0, order: 0 }];

const CANARY = 12345;
const MARGIN = 3;

/** Runs a call tile by tile. Throws when anything but the outputs was written, or -0 into them. */
export function runEngine(call: EngineCall): EngineResult {
  const { layout, logits } = call;
  const areRows = call.targets === undefined && call.hardTargets === undefined;
  const units = areRows ? layout.rows : layout.rows * layout.classes;
  const type = logits instanceof Float32Array ? 'float32' : 'float64';
  const room = logits.length + 2 * MARGIN;
  const memory = (logits instanceof Float32Array ? new Float32Array(room) : new Float64Array(room)).fill(CANARY);
  const gradient = memory.subarray(MARGIN, MARGIN + logits.length);
  const before = logits.slice();
  const session = call.engine.open({
    input: call.input ?? 'logits',
    layout,
    logits: numberSource(logits, type),
    plan: planOf(call.plan),
    ...(call.rows && { targets: numberSource(call.rows, call.rows instanceof Float32Array ? 'float32' : 'float64') }),
    ...(!call.valueOnly && { gradient: numberSink(gradient, type) }),
    gradientScale: call.gradientScale ?? 1,
    propagate: call.propagate ?? false,
    unnormalized: call.unnormalized ?? false,
    clip: call.clip ?? 0,
    ...(call.hardTargets && { hardTargets: call.hardTargets }),
    ...(call.sumsOnly && { sumsOnly: true }),
    scratch: [],
  });
  if (call.hardTargets && !session.readsTargets) throw new Error('the session does not read hard targets');
  const losses = new Float64Array(units);
  const sums: number[][] = [];
  const capacity = Math.min(session.capacity, call.tileRows ?? Infinity, units);
  for (let first = 0; first < units; first += capacity) {
    const tile = tileOf(call, first, Math.min(capacity, units - first));
    const fault = session.run(tile);
    if (tile.losses[tile.count] !== CANARY) throw new Error('the losses were written past the tile');
    if (fault !== undefined) return { losses, gradient, fault };
    losses.set(tile.losses.subarray(0, tile.count), first);
    sums.push([...tile.losses.subarray(0, tile.summed > 0 ? tile.summed : tile.count)]);
  }
  if (logits.some((value, index) => !Object.is(value, before[index]))) throw new Error('the logits were written');
  if (memory.some((value, index) => (index < MARGIN || index >= room - MARGIN) && value !== CANARY))
    throw new Error('the gradient was written past its ends');
  if (gradient.some((value) => Object.is(value, -0))) throw new Error('the gradient holds -0');
  if (losses.some((value) => Object.is(value, -0))) throw new Error('the losses hold -0');
  return { losses, gradient, fault: undefined, ...(call.sumsOnly && { sums }) };
}

function planOf(plan: Partial<ResolvedPlan> = {}): ResolvedPlan {
  const terms = plan.terms ?? CROSS_ENTROPY;
  return {
    targetSteps: [],
    logitSteps: [],
    negativeTerms: terms,
    crossEntropy: terms === CROSS_ENTROPY && (plan.negativeTerms ?? terms) === CROSS_ENTROPY,
    partition: 0,
    customs: [],
    ...plan,
    terms,
  };
}

function tileOf({ labels, targets, keep, weights }: EngineCall, first: number, count: number): Tile {
  const part = <T extends { set: (values: readonly number[]) => void }>(array: T, values?: readonly number[]): T => {
    if (values !== undefined) array.set(values.slice(first, first + count));
    return array;
  };
  return {
    first,
    count,
    labels: part(new Int32Array(labels === undefined ? 0 : count + 2), labels),
    targets: part(new Float64Array(count + 2), targets),
    keep: part(new Uint8Array(count + 2).fill(1), keep),
    weights: part(new Float64Array(count + 2).fill(1), weights),
    losses: new Float64Array(count + 2).fill(CANARY),
    uniform: keep === undefined && weights === undefined,
    summed: 0,
  };
}

/** The measure of hard labels as they are. */
export const LABEL_MEASURE: NonNullable<ResolvedPlan['labelMeasure']> = { direct: 1, spread: 0 };
