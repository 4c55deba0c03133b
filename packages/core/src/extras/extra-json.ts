import type { Pair } from '../evaluation.js';
import type { JsonObject, JsonValue } from '../json.js';
import type { CalibrationBin, ClassTotals, ExtraData } from './extra-data.js';

/** How an evaluation writes and reads its own fields. */
export interface FieldWriter {
  readonly pair: (pair: Pair) => JsonValue;
}

export interface FieldReader {
  readonly pair: (argument: string, value: unknown) => Pair;
  readonly tail: (argument: string, value: unknown) => readonly number[];
  readonly count: (argument: string, value: unknown) => number;
  /** Objects of an array. */
  readonly list: (argument: string, value: unknown) => readonly Fields[];
}

type Fields = Readonly<Record<string, unknown>>;

/** The extra fields of an evaluation as JSON. */
export function extrasToJson(
  { perClass, correct, calibration, floorSum, floorTail, excessSum, excessTail }: ExtraData,
  { pair }: FieldWriter,
): JsonObject {
  return {
    ...(perClass && {
      perClass: perClass.map((totals) => ({ ...totals, sum: pair(totals.sum), weight: pair(totals.weight) })),
    }),
    ...(correct !== undefined && { correct }),
    ...(calibration && { calibration: calibration.map((bin) => ({ ...bin, confidence: pair(bin.confidence) })) }),
    ...(floorSum && { floorSum: pair(floorSum) }),
    ...(floorTail && { floorTail }),
    ...(excessSum && { excessSum: pair(excessSum) }),
    ...(excessTail && { excessTail }),
  };
}

/** The extra fields of an evaluation from JSON. */
export function readExtraFields(fields: Fields, read: FieldReader): ExtraData {
  const { perClass, correct, calibration, floorSum, floorTail, excessSum, excessTail } = fields;
  return {
    ...(perClass !== undefined && {
      perClass: read.list('perClass', perClass).map((part, i) => readClass(part, i, read)),
    }),
    ...(correct !== undefined && { correct: read.count('correct', correct) }),
    ...(calibration !== undefined && {
      calibration: read.list('calibration', calibration).map((part, i) => readBin(part, i, read)),
    }),
    ...(floorSum !== undefined && { floorSum: read.pair('floorSum', floorSum) }),
    ...(floorTail !== undefined && { floorTail: read.tail('floorTail', floorTail) }),
    ...(excessSum !== undefined && { excessSum: read.pair('excessSum', excessSum) }),
    ...(excessTail !== undefined && { excessTail: read.tail('excessTail', excessTail) }),
  };
}

function readClass(
  { sum, sumTail, weight, weightTail, rows, correct }: Fields,
  index: number,
  read: FieldReader,
): ClassTotals {
  const at = `perClass[${String(index)}]`;
  return {
    sum: read.pair(`${at}.sum`, sum),
    ...(sumTail !== undefined && { sumTail: read.tail(`${at}.sumTail`, sumTail) }),
    weight: read.pair(`${at}.weight`, weight),
    ...(weightTail !== undefined && { weightTail: read.tail(`${at}.weightTail`, weightTail) }),
    rows: read.count(`${at}.rows`, rows),
    ...(correct !== undefined && { correct: read.count(`${at}.correct`, correct) }),
  };
}

function readBin(
  { rows, correct, confidence, confidenceTail }: Fields,
  index: number,
  read: FieldReader,
): CalibrationBin {
  const at = `calibration[${String(index)}]`;
  return {
    rows: read.count(`${at}.rows`, rows),
    correct: read.count(`${at}.correct`, correct),
    confidence: read.pair(`${at}.confidence`, confidence),
    ...(confidenceTail !== undefined && { confidenceTail: read.tail(`${at}.confidenceTail`, confidenceTail) }),
  };
}
