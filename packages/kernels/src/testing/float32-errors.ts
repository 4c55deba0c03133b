import type { ElementFunctions } from '../sigmoid/simd/sigmoid-program.js';
import type { WasmProgram } from '../wasm/wasm-program.js';

/** The worst error in units in the last place of float32, and its argument. */
export interface WorstError {
  ulps: number;
  at: number;
}

/** Errors of the functions that the float32 loops compute, log1p of arguments in [0, 1]. */
export type Float32Errors = Readonly<Record<'exp' | 'log1p' | 'softplus' | 'sigmoid', WorstError>>;

type Functions = Pick<ElementFunctions, 'exponentials32' | 'crossEntropy32'>;

const COUNT = 4096;

/**
 * The worst errors of a program over every `step`-th float32 number from the bits `first` to before the bits `end`. It is
 * judged by the float64 functions of the runtime, whose own error is 2^-28 of a unit or less.
 */
export function float32Errors(
  program: WasmProgram<Functions>,
  first: number,
  end: number,
  step: number,
): Float32Errors {
  const errors = { exp: none(), log1p: none(), softplus: none(), sigmoid: none() };
  const chunk = chunkOf(program);
  for (let bits = first; bits < end; bits += step * COUNT) {
    const count = Math.min(COUNT, Math.ceil((end - bits) / step));
    for (let i = 0; i < count; i++) chunk.bits[i] = bits + i * step;
    measureElements(chunk, count, errors);
    measureLogarithms(chunk, count, errors);
  }
  return errors;
}

function none(): WorstError {
  return { ulps: 0, at: 0 };
}

interface Chunk {
  readonly functions: Functions;
  /** Where z, q, u1, u0 and the losses lie. */
  readonly at: readonly [z: number, q: number, positive: number, negative: number, losses: number];
  readonly bits: Uint32Array;
  readonly z: Float32Array;
  readonly q: Float32Array;
  readonly losses: Float64Array;
}

/** Elements of target 0 and weight 1: their loss is softplus(z), its derivative sigmoid(z). */
function chunkOf({ functions, memory, own }: WasmProgram<Functions>): Chunk {
  const at = [0, 1, 2, 3, 4].map((index) => own.from + index * 8 * COUNT) as [number, number, number, number, number];
  new Float64Array(memory, at[2], COUNT).fill(0);
  new Float64Array(memory, at[3], COUNT).fill(1);
  return {
    functions,
    at,
    bits: new Uint32Array(memory, at[0], COUNT),
    z: new Float32Array(memory, at[0], COUNT),
    q: new Float32Array(memory, at[1], COUNT),
    losses: new Float64Array(memory, at[4], COUNT),
  };
}

function measureElements({ functions, at, z, q, losses }: Chunk, count: number, errors: Float32Errors): void {
  functions.exponentials32(at[0], 0, at[1], count, 0);
  for (let i = 0; i < count; i++) keepWorst(errors.exp, q[i], Math.exp(-Math.abs(z[i])), z[i]);
  functions.crossEntropy32(...at, count, 1, 1);
  for (let i = 0; i < count; i++) {
    const odds = Math.exp(-Math.abs(z[i]));
    keepWorst(errors.softplus, losses[i], Math.max(z[i], 0) + Math.log1p(odds), z[i]);
    keepWorst(errors.sigmoid, q[i], (z[i] > 0 ? 1 : odds) / (1 + odds), z[i]);
  }
}

/** The numbers as q themselves, with z = 0. */
function measureLogarithms({ functions, at, z, q, losses }: Chunk, count: number, errors: Float32Errors): void {
  if (!(z[0] >= 0 && z[count - 1] <= 1)) return;
  q.set(z);
  const given = q.slice(0, count);
  z.fill(0);
  functions.crossEntropy32(...at, count, 1, 1);
  for (let i = 0; i < count; i++) keepWorst(errors.log1p, losses[i], Math.log1p(given[i]), given[i]);
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const SMALLEST = 2 ** -126;

function keepWorst(worst: WorstError, actual: number, exact: number, at: number): void {
  // Infinite logits are none of the loops' business; and small results may be flushed to zero.
  if (!Number.isFinite(at) || (exact < SMALLEST && actual === 0)) return;
  double[0] = Math.max(exact, SMALLEST);
  words[0] = 0;
  words[1] = (words[1] & 0x7ff00000) - (23 << 20);
  const ulps = Math.abs(actual - exact) / double[0];
  if (ulps <= worst.ulps) return;
  worst.ulps = ulps;
  worst.at = at;
}
