import { readOutputs, type OutputArray } from './outputs.js';
import { readParameters, refuseBadNumber, type NumberArray, type Parameters } from './parameters.js';

export type { Parameters } from './parameters.js';

/** Where the gradient of a penalty goes. */
export interface PenaltyOptions {
  /** An array for each array of the parameters, of the same length; new ones when absent. */
  readonly gradient?: Parameters<OutputArray>;
  /** `true` adds the gradient to what is there, the gradient of a loss; `false` (default) overwrites it. */
  readonly add?: boolean;
}

/** A penalty and its gradient. */
export interface PenaltyGradient {
  readonly value: number;
  /** The caller's arrays, or new ones of the parameters' types (Float64Array for plain numbers). */
  readonly gradient: readonly OutputArray[];
}

/** A penalty on the parameters of a model, to be added to a loss. */
export interface Regularizer {
  readonly version: 1;
  readonly name: string;
  /** The penalty of one array of parameters, or of several together. */
  readonly value: (parameters: Parameters) => number;
  readonly valueAndGradient: (parameters: Parameters, options?: PenaltyOptions) => PenaltyGradient;
  /** Its name and options. */
  readonly toJSON: () => Readonly<Record<string, number | string>>;
}

/** The penalty of one number and its derivative. */
export interface Penalty {
  readonly value: (w: number) => number;
  readonly slope: (w: number) => number;
}

/** Makes the regularizer of a penalty that is a sum over all numbers. */
export function makeRegularizer(
  name: string,
  penalty: Penalty,
  options: Readonly<Record<string, number>>,
): Regularizer {
  const total = (arrays: readonly NumberArray[], parameters: Parameters): number => {
    const sum = sumOf(penalty, arrays);
    if (!Number.isFinite(sum)) refuseBadNumber(name, parameters);
    return sum;
  };
  return Object.freeze({
    version: 1,
    name,
    value: (parameters) => total(readParameters(name, parameters), parameters),
    valueAndGradient: (parameters, { gradient, add = false } = {}) => {
      const arrays = readParameters(name, parameters);
      const outputs = gradient === undefined ? arrays.map(like) : readOutputs(name, gradient, arrays);
      const value = total(arrays, parameters);
      outputs.forEach((output, index) => {
        writeSlopes(penalty, arrays[index] ?? [], output, add);
      });
      return { value, gradient: outputs };
    },
    toJSON: () => ({ regularizer: name, ...options }),
  } satisfies Regularizer);
}

/** The sum over all numbers, by Neumaier's summation: millions of small parameters lose no digits beside a large one. */
function sumOf({ value }: Penalty, arrays: readonly NumberArray[]): number {
  let sum = 0;
  let lost = 0;
  for (const array of arrays)
    for (const number of array) {
      const term = value(number);
      const next = sum + term;
      lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
      sum = next;
    }
  return Number.isFinite(sum) ? sum + lost : sum;
}

function writeSlopes({ slope }: Penalty, array: NumberArray, output: OutputArray, add: boolean): void {
  for (let i = 0; i < array.length; i++) output[i] = (add ? (output[i] ?? 0) : 0) + slope(array[i] ?? Number.NaN);
}

function like(array: NumberArray): OutputArray {
  return array instanceof Float32Array ? new Float32Array(array.length) : new Float64Array(array.length);
}
