import type { OutputBuffer } from '../loss.js';

/**
 * What a call can ask for beside value, gradient and losses; each costs nothing where it is not asked for. Predictions are
 * those of the logits as the loss sees them, after its temperature, priors or class mask, but without margins, which know the label.
 */
export interface ExtraOptions {
  /** Loss, weight and rows of each class of the targets in the Evaluation (`perClass`); binary: of negatives and positives. */
  readonly perClass?: boolean;
  /** Top-1 accuracy in the Evaluation (`correct`, `accuracy`): the share of elements whose most probable class is the target's. */
  readonly accuracy?: boolean;
  /** Calibration bins and expected calibration error in the Evaluation (`calibration`, `calibrationError`); `true`: 15 bins. */
  readonly calibration?: boolean | number;
  /** Cross-entropy only: the smallest value that any prediction could have, and what the value is above it, in the Evaluation (`floor`, `excess`). */
  readonly floor?: boolean;
  /** `true` for a new array, or an Int32Array of the caller's: the most probable class of each row (binary: 0 or 1 of each element); -1 where ignored. */
  readonly argmax?: boolean | Int32Array;
  /** `true` for a new array, or a buffer of the caller's: probabilities in the layout of the logits; 0 where ignored. */
  readonly probabilities?: boolean | OutputBuffer;
  /** `true` for a new array, or a buffer of the caller's: d^2 value / d logit^2, flat, in the logits' layout, for boosting and Newton steps. */
  readonly hessianDiagonal?: boolean | OutputBuffer;
}

/** Their names. */
export const EXTRA_NAMES: readonly (keyof ExtraOptions)[] = [
  'perClass',
  'accuracy',
  'calibration',
  'floor',
  'argmax',
  'probabilities',
  'hessianDiagonal',
];

/** Whether a call asks for any of them. Every call pays for the answer, so that it names them one by one. */
export function asksForExtras(options: ExtraOptions): boolean {
  return (
    isAsked(options.perClass) ||
    isAsked(options.accuracy) ||
    isAsked(options.calibration) ||
    isAsked(options.floor) ||
    isAsked(options.argmax) ||
    isAsked(options.probabilities) ||
    isAsked(options.hessianDiagonal)
  );
}

function isAsked(option: unknown): boolean {
  return option !== undefined && option !== false;
}

/** Options of a call that asks for its value alone, to spread over others. */
export const NO_OUTPUTS: Readonly<Record<'gradient' | 'losses' | keyof ExtraOptions, false>> = {
  gradient: false,
  losses: false,
  perClass: false,
  accuracy: false,
  calibration: false,
  floor: false,
  argmax: false,
  probabilities: false,
  hessianDiagonal: false,
};
