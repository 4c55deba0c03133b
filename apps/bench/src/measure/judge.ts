import type { Loss } from '@surprisal/core';
import { errorBounds } from '../exact-error.js';
import type { InputSpec, OutputErrors, VariantSpec } from './protocol.js';

/** What a verdict on outputs needs to know. */
export interface JudgedOutputs {
  readonly spec: VariantSpec;
  readonly type: InputSpec['type'];
  /** The engines that computed. */
  readonly engines: readonly string[];
  readonly errors: OutputErrors;
}

/** A plain loop loses all digits of p_y - 1 near 0, but no more than the rounding of float32 absolutely. */
const ANCHOR_BOUND = 1e-6;

/** What is wrong with a variant's outputs; undefined where nothing is. Peers are reported, not judged. */
export function faultOf(loss: Loss | undefined, { spec, type, engines, errors }: JudgedOutputs): string | undefined {
  const exceed = (what: string, error: number | null, bound: number, unit: string): string | undefined =>
    error === null || error <= bound
      ? undefined
      : `${spec.id}: "${what}" expected an error of at most ${bound}${unit}, got ${error.toPrecision(3)}`;
  if (spec.program.kind === 'anchor')
    return exceed('gradient', errors.absolute, ANCHOR_BOUND, '') ?? exceed('value', errors.value, ANCHOR_BOUND, '');
  if (loss === undefined) return undefined;
  const bounds = errorBounds(loss, engines.join('+'), type);
  const unit = ' units in the last place';
  return exceed('loss', errors.loss, bounds.loss, unit) ?? exceed('gradient', errors.gradient, bounds.gradient, unit);
}
