/** The fields of a row's record, numbers of float64; `assembly/softmax/records.ts` says what they hold. */
export const RECORD = {
  SCORE: 0,
  TOP: 1,
  TOP_LOW: 2,
  TOP_CLASS: 3,
  TOP_OFFSET: 4,
  BASE: 5,
  SHIFT: 6,
  APART: 7,
  OWN: 8,
  REST: 9,
  GAPS: 11,
  MASS: 13,
  FACTOR: 15,
  PULL: 16,
  SHARE: 17,
  /** The label's logit and what rounding took from it. No pass reads them. */
  LABEL: 18,
  LABEL_LOW: 19,
  /** u of the class apart. No pass reads it either. */
  OWN_MASS: 20,
  /** Of a spread target: what the label pulls besides, times the scale of the gradient. */
  DIRECT: 21,
  /** Of a label: what the gradient is multiplied by afterwards. */
  AFTER: 22,
  /** Of a modulated target: the scale of the gradient, and the sum of all slopes less the pull of the partition. */
  SCALE: 21,
  SUM: 22,
} as const;

/** Numbers of a record. */
export const RECORD_LENGTH = 24;
