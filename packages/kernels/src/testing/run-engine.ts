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
  readonly logits: Numbers;
  readonly layout: RowLayout;
  readonly plan?: Partial<ResolvedPlan>;
  readonly labels?: readonly number[];
  /** Target rows of the softmax link. */
  readonly rows?: Numbers;
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
  /** Where logits and gradient lie, each between margins. */
  readonly rooms?: { readonly logits?: Room; readonly gradient?: Room };
  /** Numbers before the logits and before the gradient. */
  readonly margin?: number;
}

/** Makes an array of a length, in some memory. */
export type Room = (type: Float32ArrayConstructor | Float64ArrayConstructor, length: number) => Numbers;

type Numbers = Float32Array | Float64Array;

export interface EngineResult {
  readonly losses: Float64Array;
  readonly gradient: Numbers;
  readonly fault: Fault | undefined;
  /** Of a call for sums only: the numbers that each tile left to be added. */
  readonly sums?: readonly (readonly number[])[];
}

export const CROSS_ENTROPY: ResolvedPlan['terms'] = [{ coefficient: 1, power: 0, order: 0 }];

const CANARY = 12345;
const MARGIN = 3;

/** An array between margins of canaries. */
interface Guarded {
  readonly array: Numbers;
  readonly isUntouched: () => boolean;
}

const ordinary: Room = (type, length) => new type(length);

function guarded(room: Room = ordinary, values: Numbers, before: number, canary: number): Guarded {
  const type = values instanceof Float32Array ? Float32Array : Float64Array;
  const all = room(type, before + values.length + MARGIN).fill(canary);
  const end = before + values.length;
  const array = all.subarray(before, end);
  array.set(values);
  const isMargin = (index: number): boolean => index < before || index >= end;
  return { array, isUntouched: () => all.every((value, index) => !isMargin(index) || Object.is(value, canary)) };
}

/** Runs a call tile by tile. Throws when anything but the outputs was written, or -0 into them. */
export function runEngine(call: EngineCall): EngineResult {
  const { layout, margin = MARGIN } = call;
  // A number read past the logits that counted would make a sum NaN.
  const { array: logits, isUntouched: logitsUntouched } = guarded(call.rooms?.logits, call.logits, margin, NaN);
  const areRows = call.targets === undefined && call.hardTargets === undefined;
  const units = areRows ? layout.rows : layout.rows * layout.classes;
  const type = logits instanceof Float32Array ? 'float32' : 'float64';
  const outside = guarded(call.rooms?.gradient, logits.slice().fill(CANARY), margin, CANARY);
  const gradient = outside.array;
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
    const count = Math.min(capacity, units - first);
    const tile = tileOf(call, first, count);
    const fault = session.run(tile);
    refuseChanges(call, tile, tileOf(call, first, count));
    if (fault !== undefined) return { losses, gradient, fault };
    losses.set(tile.losses.subarray(0, tile.count), first);
    sums.push([...tile.losses.subarray(0, tile.summed > 0 ? tile.summed : tile.count)]);
  }
  if (logits.some((value, index) => !Object.is(value, call.logits[index]))) throw new Error('the logits were written');
  if (!logitsUntouched()) throw new Error('the logits were written past their ends');
  if (!outside.isUntouched()) throw new Error('the gradient was written past its ends');
  if (gradient.some((value) => Object.is(value, -0))) throw new Error('the gradient holds -0');
  if (losses.some((value) => Object.is(value, -0))) throw new Error('the losses hold -0');
  return { losses, gradient, fault: undefined, ...(call.sumsOnly && { sums }) };
}

/** Throws when a session wrote anything of a tile but the losses of its rows. */
function refuseChanges({ hardTargets }: EngineCall, tile: Tile, before: Tile): void {
  // Targets that nobody filled in are the session's.
  const inputs = ['labels', 'keep', 'weights', ...(hardTargets === undefined ? ['targets' as const] : [])] as const;
  for (const name of inputs)
    if (tile[name].some((value, index) => !Object.is(value, before[name][index])))
      throw new Error(`the ${name} were written`);
  const all = new Float64Array(tile.losses.buffer);
  const from = tile.losses.byteOffset / all.BYTES_PER_ELEMENT;
  if (all.some((value, index) => (index < from || index >= from + tile.count) && value !== CANARY))
    throw new Error('the losses were written past the tile');
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
    losses: new Float64Array(count + 2 + MARGIN).fill(CANARY).subarray(MARGIN),
    uniform: keep === undefined && weights === undefined,
    summed: 0,
  };
}

/** The measure of hard labels as they are. */
export const LABEL_MEASURE: NonNullable<ResolvedPlan['labelMeasure']> = { direct: 1, spread: 0 };
