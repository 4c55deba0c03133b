import type { FloatArray } from './input.js';
import type { ErrorBucket, InputSpec } from './protocol.js';

/** One number that was compared with the exact one. */
export interface Compared {
  readonly row: number;
  readonly actual: number;
  /** To the nearest double. */
  readonly exact: number;
  /** In units in the last place; infinite for NaN. */
  readonly error: number;
}

/** Below it results may be flushed to zero. */
const SMALLEST_NORMAL = { float32: 2 ** -126, float64: 2 ** -1022 } as const;

/** How errors lie; `logitsOf` says which logits a row had. */
export function distribution(
  margin: ErrorBucket['margin'],
  compared: readonly Compared[],
  logitsOf: (row: number) => FloatArray,
  type: InputSpec['type'],
): ErrorBucket {
  const errors = compared.map(({ error }) => error).sort((one, other) => one - other);
  const worst = compared.reduce(
    (so, each) => (each.error > so.error ? each : so),
    compared[0] ?? { row: 0, error: NaN },
  );
  const share = (is: (each: Compared) => boolean): number => compared.filter(is).length;
  return {
    margin,
    count: compared.length,
    largest: errors.at(-1) ?? NaN,
    largestInput: hexadecimal(logitsOf(worst.row)),
    p999: errors[Math.ceil(0.999 * errors.length) - 1] ?? NaN,
    median: errors[Math.ceil(0.5 * errors.length) - 1] ?? NaN,
    // The nearest number of the type is half a unit away at most.
    correctlyRounded: share(({ error }) => error <= 0.5) / compared.length,
    nan: share(({ actual }) => Number.isNaN(actual)),
    wrongSign: share(({ actual, exact }) => actual * exact < 0),
    falseZero: share(({ actual, exact }) => actual === 0 && Math.abs(exact) >= SMALLEST_NORMAL[type]),
  };
}

/** Longer rows are cut: the seed and the row say the rest. */
const MOST_LOGITS = 16;

/** The bits of numbers, most significant digit first. */
function hexadecimal(logits: FloatArray): string {
  const texts = Array.from(logits.subarray(0, MOST_LOGITS), (logit) => {
    const view = new DataView(new ArrayBuffer(8));
    if (logits instanceof Float64Array) view.setFloat64(0, logit);
    else view.setFloat32(0, logit);
    const bytes = new Uint8Array(view.buffer, 0, logits.BYTES_PER_ELEMENT);
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  });
  return logits.length > MOST_LOGITS ? `${texts.join(' ')} …` : texts.join(' ');
}
