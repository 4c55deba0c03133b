import type { Pair } from '../evaluation.js';
import { addAll, emptySum, partsOf, type ExactSum, type SumParts } from '../exact-sum.js';
import type { CalibrationBin, ClassTotals, ExtraData } from './extra-data.js';

/** Running totals of what a call asked for. */
export interface ExtraTotals {
  readonly perClass?: RunningClass[];
  readonly bins?: RunningBin[];
  readonly floor?: ExactSum;
  readonly excess?: ExactSum;
  correct?: number;
}

export interface RunningClass {
  readonly sum: ExactSum;
  readonly weight: ExactSum;
  rows: number;
  correct?: number;
}

export interface RunningBin {
  readonly confidence: ExactSum;
  rows: number;
  correct: number;
}

/** Which totals there are. */
export interface ExtraShape {
  readonly classes?: number | undefined;
  readonly bins?: number | undefined;
  readonly accuracy: boolean;
  readonly floor: boolean;
}

const NUMBER = new Float64Array(1);

/** Totals of nothing. */
export function emptyTotals({ classes, bins, accuracy, floor }: ExtraShape): ExtraTotals {
  return {
    ...(classes !== undefined && {
      perClass: Array.from({ length: classes }, () => ({
        sum: emptySum(),
        weight: emptySum(),
        rows: 0,
        ...(accuracy && { correct: 0 }),
      })),
    }),
    ...(bins !== undefined && {
      bins: Array.from({ length: bins }, () => ({ confidence: emptySum(), rows: 0, correct: 0 })),
    }),
    ...(floor && { floor: emptySum(), excess: emptySum() }),
    ...(accuracy && { correct: 0 }),
  };
}

/** Adds one number without rounding error. */
export function addNumber(sum: ExactSum, value: number): void {
  NUMBER[0] = value;
  addAll(sum, NUMBER, 1);
}

/** Adds a stored sum without rounding error. */
export function addParts(sum: ExactSum, pair: Pair, tail: readonly number[] = []): void {
  addAll(sum, pair, 2);
  addAll(sum, tail, tail.length);
}

/** Totals as an evaluation stores them. */
export function extraFields({ perClass, bins, floor, excess, correct }: ExtraTotals): ExtraData {
  return {
    ...(perClass && { perClass: perClass.map(classFields) }),
    ...(correct !== undefined && { correct }),
    ...(bins && { calibration: bins.map(binFields) }),
    ...(floor && fields('floorSum', 'floorTail', partsOf(floor))),
    ...(excess && fields('excessSum', 'excessTail', partsOf(excess))),
  };
}

function classFields({ sum, weight, rows, correct }: RunningClass): ClassTotals {
  return {
    ...fields('sum', 'sumTail', partsOf(sum)),
    ...fields('weight', 'weightTail', partsOf(weight)),
    rows,
    ...(correct !== undefined && { correct }),
  };
}

function binFields({ confidence, rows, correct }: RunningBin): CalibrationBin {
  return { rows, correct, ...fields('confidence', 'confidenceTail', partsOf(confidence)) };
}

function fields<PairName extends string, TailName extends string>(
  pairName: PairName,
  tailName: TailName,
  { pair, tail }: SumParts,
): Record<PairName, Pair> & Partial<Record<TailName, readonly number[]>> {
  return { [pairName]: pair, ...(tail.length > 0 && { [tailName]: tail }) } as Record<PairName, Pair> &
    Partial<Record<TailName, readonly number[]>>;
}
