import type { CallOptions, Loss, Registry } from '@surprisal/core';
import { floatArray, type FloatArray, type Input } from './input.js';
import type { Allocate } from './load-plugins.js';
import type { AskedName, OwnProgram } from './protocol.js';
import { expectSameGradient, expectSameValue } from './same-call.js';
import { MissingProgram, timeCalls, type Outputs, type Variant } from './variant.js';

/** The loss of a program, from the plugins of its side. */
export function ownLoss(registry: Registry, program: OwnProgram): Loss {
  return registry.fromJSON(program.loss);
}

/** A loss called as its users call it, with buffers of their own. */
export function openOwn(loss: Loss, program: OwnProgram, input: Input, allocate?: Allocate): Variant {
  const { spec, labels, probabilities } = input;
  const { rows, classes } = spec;
  const { engine, operation } = program;
  const { logits, gradient } = arraysFor(program, input, allocate);
  const tensor = { data: logits, dims: classes === 1 ? [rows] : [rows, classes] };
  const targets = probabilities === undefined ? labels : { data: probabilities, dims: tensor.dims };
  const options = { engine, ...extraOptions(program, rows), ...asked(program, logits, spec) };
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
      const value = run();
      expectSameValue(value, evaluation.value);
      if (operation !== 'value') expectSameGradient(gradient, evaluation.gradient, isDifference(loss, input));
      return withoutWeights(evaluation, program);
    },
  };
}

/** The arrays of a call: the input's own and a new one, or both in the kernels' memory. */
function arraysFor(
  { memory }: OwnProgram,
  { spec, logits }: Input,
  allocate: Allocate | undefined,
): Record<'logits' | 'gradient', FloatArray> {
  if (memory === 'ordinary') return { logits, gradient: floatArray(spec.type, logits.length) };
  if (allocate === undefined) throw new MissingProgram('the kernels of this build give out no memory');
  const type = spec.type === 'float32' ? Float32Array : Float64Array;
  const inMemory = allocate(type, logits.length);
  inMemory.set(logits);
  return { logits: inMemory, gradient: allocate(type, logits.length) };
}

function extraOptions({ extra }: OwnProgram, rows: number): CallOptions {
  if (extra === 'sample-weights')
    return { sampleWeights: Float64Array.from({ length: rows }, (_, row) => sampleWeight(row)) };
  return extra === 'ignore-index' ? { ignoreIndex: -100 } : {};
}

/** Everything that a call can ask for, left out by name. */
const NOTHING: Readonly<Record<AskedName, false>> = {
  perClass: false,
  accuracy: false,
  calibration: false,
  floor: false,
  argmax: false,
  probabilities: false,
  hessianDiagonal: false,
};

/** What the call asks for, into arrays that are made once. */
function asked({ asks }: OwnProgram, logits: FloatArray, { classes }: Input['spec']): CallOptions {
  if (asks === undefined) return {};
  const type = logits instanceof Float32Array ? 'float32' : 'float64';
  const outputs = {
    argmax: new Int32Array(asks.includes('argmax') ? logits.length / classes : 0),
    probabilities: floatArray(type, asks.includes('probabilities') ? logits.length : 0),
    hessianDiagonal: floatArray(type, asks.includes('hessianDiagonal') ? logits.length : 0),
  };
  const all: CallOptions = { perClass: true, accuracy: true, calibration: true, floor: true, ...outputs };
  return { ...NOTHING, ...Object.fromEntries(asks.map((name) => [name, all[name]])) };
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
  const gradient = floatArray(float64 ? 'float64' : 'float32', tensor.data.length);
  const { mean, engines } = loss.evaluate(tensor, targets, { ...options, losses, gradient, reduction: 'sum' });
  return { value: mean, losses, gradient, engines, denominator: 1 };
}

/** Whether gradient elements are differences |u| p - u of numbers that may meet, with fewer digits left than either. */
function isDifference({ plan }: Loss, { probabilities }: Input): boolean {
  return probabilities !== undefined || plan?.every(({ kind }) => kind === 'scale') !== true;
}
