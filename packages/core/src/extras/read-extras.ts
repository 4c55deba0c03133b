import type { Call } from '../call.js';
import type { DetailEngine } from '../engine.js';
import { kindError, rangeError, show } from '../errors.js';
import { unitsOf } from '../fill-tile.js';
import type { CallOptions } from '../loss.js';
import { readOutput, type Output } from '../outputs.js';
import { refuseDetached } from '../read-numbers.js';
import type { TileRule } from '../tile-rule.js';
import { asksForExtras, EXTRA_NAMES, type ExtraOptions } from './extra-options.js';

/** What a call asks for beside value, gradient and losses, checked, with its outputs. */
export interface AskedExtras {
  readonly perClass: boolean;
  readonly accuracy: boolean;
  /** Calibration bins; 0 for none. */
  readonly bins: number;
  readonly floor: boolean;
  readonly argmax: Int32Array | undefined;
  readonly probabilities: Output | undefined;
  readonly hessianDiagonal: Output | undefined;
  /** Absent where nothing asked for needs it. */
  readonly engine: DetailEngine | undefined;
}

/** Bins where a call says no number (Guo et al. 2017). */
const USUAL_BINS = 15;

/** Reads what the call asks for; undefined where that is nothing. */
export function readExtras(
  call: Call,
  { details, tileRule }: { readonly details: DetailEngine | undefined; readonly tileRule: TileRule | undefined },
  options: CallOptions,
): AskedExtras | undefined {
  if (!asksForExtras(options)) return undefined;
  const asked = EXTRA_NAMES.filter((name) => options[name] !== undefined && options[name] !== false);
  for (const name of ['perClass', 'accuracy', 'floor'] as const) refuseOther(call.of, name, options[name]);
  const needed = asked.find((name) => name !== 'perClass' || (call.unit === 'classes' && call.targets.kind === 'rows'));
  if (needed !== undefined && details === undefined)
    throw kindError({
      of: call.of,
      argument: needed,
      requirement: 'a loss whose link computes details',
      got: tileRule ? 'a tile rule' : 'a link without details',
    });
  if (options.floor === true) refuseFloor(call);
  if (asked.includes('hessianDiagonal')) refuseHessian(call);
  return {
    perClass: options.perClass === true,
    accuracy: options.accuracy === true,
    bins: readBins(call.of, options.calibration),
    floor: options.floor === true,
    argmax: readArgmax(call, options.argmax),
    probabilities: readOutput(call.of, 'probabilities', options.probabilities, call.logits.length, call.logits),
    hessianDiagonal: readOutput(call.of, 'hessianDiagonal', options.hessianDiagonal, call.logits.length, call.logits),
    engine: needed === undefined ? undefined : details,
  };
}

function refuseOther(of: string, argument: keyof ExtraOptions, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean')
    throw kindError({ of, argument, requirement: 'true or false', got: show(value) });
}

function readBins(of: string, value: boolean | number | undefined): number {
  if (value === undefined || value === false) return 0;
  if (value === true) return USUAL_BINS;
  if (Number.isInteger(value) && value >= 1 && value <= 10_000) return value;
  throw rangeError({
    of,
    argument: 'calibration',
    requirement: 'true, or a number of bins in 1..10000',
    got: show(value),
  });
}

function readArgmax(call: Call, asked: unknown): Int32Array | undefined {
  const length = unitsOf(call);
  if (asked === undefined || asked === false) return undefined;
  if (asked === true) return new Int32Array(length);
  const { of } = call;
  const argument = 'argmax';
  if (!(asked instanceof Int32Array))
    throw kindError({ of, argument, requirement: 'true or an Int32Array', got: show(asked) });
  refuseDetached(asked, { of, argument });
  if (asked.length === length) return asked;
  const each = call.unit === 'classes' ? 'row' : 'logit';
  throw rangeError({
    of,
    argument,
    requirement: `length ${String(length)}, one per ${each}`,
    got: `length ${String(asked.length)}`,
  });
}

/** The entropy of the target is the floor of cross-entropy alone. */
function refuseFloor({ of, plan: { resolved } }: Call): void {
  const { crossEntropy, partition, customs } = resolved;
  if (crossEntropy && partition === 0 && customs.length === 0) return;
  throw kindError({
    of,
    argument: 'floor',
    requirement: 'cross-entropy, whose smallest value is the entropy of its target',
    got: customs.length > 0 ? "a step 'custom'" : crossEntropy ? "a step 'partition'" : 'another surprisal',
  });
}

function refuseHessian({ of, plan: { resolved }, choices: { input } }: Call): void {
  const argument = 'hessianDiagonal';
  if (input !== 'logits') throw kindError({ of, argument, requirement: "input: 'logits'", got: `input: '${input}'` });
  if (resolved.customs.length > 0)
    throw kindError({
      of,
      argument,
      requirement: 'a loss without custom steps, which give first derivatives only',
      got: "a step 'custom'",
    });
}
