import type { CallOptions, Loss, Registry } from '@surprisal/core';
import { floatArray, type FloatArray, type Input } from './input.js';
import type { OwnProgram } from './protocol.js';
import { MissingProgram, timeCalls, type Outputs, type Variant } from './variant.js';

/** The loss of a program, from the plugins of its side. */
export function ownLoss(registry: Registry, program: OwnProgram): Loss {
  return registry.fromJSON(program.loss);
}

/** A loss called as its users call it, with buffers of their own. */
export function openOwn(loss: Loss, program: OwnProgram, input: Input): Variant {
  const { spec, logits, labels, probabilities } = input;
  const { rows, classes, type } = spec;
  const tensor = { data: logits, dims: classes === 1 ? [rows] : [rows, classes] };
  const targets = probabilities === undefined ? labels : { data: probabilities, dims: tensor.dims };
  const { engine, operation, memory } = program;
  if (memory === 'kernel') throw new MissingProgram('the kernels of this build give out no memory');
  const gradient = floatArray(type, logits.length);
  const options = { engine, ...extraOptions(program, rows) };
  const withGradient = { ...options, gradient };
  const run =
    operation === 'value'
      ? (): number => loss.value(tensor, targets, options)
      : (): number => loss.valueAndGradient(tensor, targets, withGradient).value;
  return {
    elements: logits.length,
    time: timeCalls(run),
    outputs: () => {
      const evaluation = evaluateAll(loss, tensor, targets, options);
      expectSameCall(run(), gradient, evaluation, operation);
      return withoutWeights(evaluation, program);
    },
  };
}

function extraOptions({ extra }: OwnProgram, rows: number): CallOptions {
  if (extra === 'sample-weights') return { sampleWeights: Float64Array.from({ length: rows }, (_, row) => sampleWeight(row)) };
  return extra === 'ignore-index' ? { ignoreIndex: -100 } : {};
}

/** Powers of two: divided by them, results have the bits of those without weights. */
function sampleWeight(row: number): number {
  return 2 ** (row % 3);
}

function withoutWeights(evaluated: Evaluated, { extra }: OwnProgram): Evaluated {
  if (extra !== 'sample-weights') return evaluated;
  const { losses, gradient } = evaluated;
  const width = gradient.length / losses.length;
  return {
    ...evaluated,
    losses: losses.map((loss, row) => loss / sampleWeight(row)),
    gradient: gradient.map((element, at) => element / sampleWeight(Math.floor(at / width))),
  };
}

interface Evaluated extends Outputs {
  readonly value: number;
  readonly losses: FloatArray;
  readonly gradient: FloatArray;
}

/** Losses of all rows, and the gradient of their sum. */
function evaluateAll(
  loss: Loss,
  tensor: { readonly data: FloatArray; readonly dims: readonly number[] },
  targets: Parameters<Loss['evaluate']>[1],
  options: CallOptions,
): Evaluated {
  const float64 = tensor.data instanceof Float64Array;
  const losses = floatArray(float64 ? 'float64' : 'float32', tensor.dims[0] ?? 0);
  const gradient = tensor.data.slice();
  const { mean, engines } = loss.evaluate(tensor, targets, { ...options, losses, gradient, reduction: 'sum' });
  return { value: mean, losses, gradient, engines, denominator: 1 };
}

/** Room for one rounding of the factor by which a mean's gradient differs from a sum's, and one of each result. */
const ROUNDINGS = 2;

/** The call that is timed computes a mean; it must say the same as the sum that is compared with exact results. */
function expectSameCall(
  value: number,
  gradient: FloatArray,
  evaluation: Evaluated,
  operation: OwnProgram['operation'],
): void {
  if (!Object.is(value, evaluation.value))
    throw new RangeError(`"value" expected the mean of the losses, ${evaluation.value}, got ${value}`);
  if (operation === 'value') return;
  const [unit, smallest] =
    gradient instanceof Float64Array ? [2 ** -52, Number.MIN_VALUE * 2 ** 54] : [2 ** -23, 2 ** -125];
  const sum = evaluation.gradient;
  let largest = 0;
  for (let at = 0; at < sum.length; at++) if (Math.abs(sum[at] ?? 0) > Math.abs(sum[largest] ?? 0)) largest = at;
  const factor = (gradient[largest] ?? 0) / (sum[largest] ?? 1);
  for (let at = 0; at < gradient.length; at++) {
    const expected = (sum[at] ?? 0) * factor;
    const allowed = (ROUNDINGS + 1) * unit * Math.abs(expected);
    if (Math.abs(expected) > smallest && !(Math.abs((gradient[at] ?? NaN) - expected) <= allowed))
      throw new RangeError(`"gradient[${at}]" expected ${expected}, as of the sum of the losses, got ${gradient[at]}`);
  }
}
