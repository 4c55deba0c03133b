/** The arguments of a call, as the fields of a case ask for them. */
import type { CallOptions, Denominator, Targets, TensorLike } from '@surprisal/core';
import { broadcast, isShape } from './broadcast.js';
import type { Check } from './check.js';
import type { LossCase, Precision } from './conformance-case.js';
import { MalformedCase, sizeOf, type Values } from './read-json.js';
import { rowsOf } from './rows.js';

export interface Call {
  readonly inputs: TensorLike;
  readonly targets: Targets;
  readonly options: CallOptions;
}

const inputNames = {
  logits: 'logits',
  probabilities: 'probabilities',
  logProbabilities: 'log-probabilities',
} as const;

/** A case's call; `engine` names one to use instead of the automatic choice. */
export function callOf(given: LossCase, { inputs, precision }: Check, engine: string | undefined): Call {
  const { targets, options, classAxis, loss } = given;
  const { ignoreIndex, sampleWeights } = options;
  const axis = classAxis ?? positiveWeightAxis(given);
  return {
    inputs: { dims: inputs.dims, data: inPrecision(inputs.data, precision) },
    targets:
      targets.kind === 'indices'
        ? indices(targets)
        : { dims: targets.dims, data: inPrecision(targets.data, precision) },
    options: {
      input: inputNames[given.inputs.kind],
      ...reductionOf(given),
      ...(axis !== undefined && { axis }),
      ...(ignoreIndex !== undefined && { ignoreIndex }),
      ...(sampleWeights !== undefined && { sampleWeights: weightsOf(sampleWeights, given, precision) }),
      ...(loss === 'categorical' && !sumToOne(inputs, given, precision) && { unnormalized: true }),
      ...(engine !== undefined && { engine }),
    },
  };
}

/** Values as an array of a precision; float32 rounds them. */
export function inPrecision(data: Float64Array, precision: Precision): Float32Array | Float64Array {
  return precision === 'float32' ? Float32Array.from(data) : data;
}

/** Dims of a case's rows: its inputs without the class axis, or every element of a binary case. */
function rowDims({ inputs, classAxis }: LossCase): readonly number[] {
  return inputs.dims.filter((_, axis) => axis !== classAxis);
}

/**
 * Reduction and denominator. The gradient of reduction none is that of the sum. A reference that averages the last
 * axis divides every sum by its length.
 */
function reductionOf(given: LossCase): CallOptions {
  const { reduction } = given.options;
  if (reduction === 'mean') return { reduction, denominator: denominatorOf(given) };
  const length = given.inputs.dims.at(-1) ?? 1;
  return given.rowMeans && length > 0 ? { reduction: 'mean', denominator: length } : { reduction: 'sum' };
}

function denominatorOf(given: LossCase): Denominator {
  const count = given.loss === 'binary' ? 'elements' : 'rows';
  switch (given.options.meanDenominator) {
    case 'count':
      return count;
    case 'weightSum':
      return 'weight';
    case 'countIncludingIgnored':
      return sizeOf(rowDims(given)) || count;
    case 'nonzeroWeightCount':
      return nonzeroWeights(given);
  }
}

/** Rows or elements that count, less those of weight 0; where none is left, the weight, which is 0 as well. */
function nonzeroWeights(given: LossCase): Denominator {
  const { sampleWeights, ignoreIndex = [] } = given.options;
  const { targets } = given;
  if (sampleWeights === undefined) return given.loss === 'binary' ? 'elements' : 'rows';
  const weights = broadcastWeights(sampleWeights, given);
  const ignored = (row: number): boolean =>
    targets.kind === 'indices' && ignoreIndex.includes(targets.data[row] ?? NaN);
  return weights.filter((weight, row) => weight !== 0 && !ignored(row)).length || 'weight';
}

function broadcastWeights(weights: Values, given: LossCase): Float64Array {
  const data = broadcast(weights, rowDims(given));
  if (data !== undefined) return data;
  const [from, to] = [weights.dims, rowDims(given)].map((dims) => `[${dims.join(', ')}]`);
  throw new MalformedCase(`options.sampleWeights: ${from} does not go with rows ${to}`);
}

/** Weights of every row or element; those of a row of binary elements stay as they are. */
function weightsOf(weights: Values, given: LossCase, precision: Precision): TensorLike {
  const { dims } = given.inputs;
  const perRow = given.loss === 'binary' && dims.length > 1 && isShape(weights.dims, dims.slice(0, -1));
  const shape = perRow ? weights.dims : rowDims(given);
  const data = perRow ? weights.data : broadcastWeights(weights, given);
  return { dims: shape, data: inPrecision(data, precision) };
}

/** The label axis of a list of positive weights: the last one it runs along. */
function positiveWeightAxis({ options, inputs }: LossCase): number | undefined {
  const dims = options.positiveWeights?.dims ?? [];
  const along = dims.reduce((last, length, axis) => (length === 1 ? last : axis), -1);
  return along < 0 ? undefined : inputs.dims.length - dims.length + along;
}

function indices({ dims, data }: Values): TensorLike {
  const integers = Int32Array.from(data);
  return { dims, data: integers.every((label, row) => label === data[row]) ? integers : data };
}

/** Whether rows of probabilities sum to one, closer than any type's rounding would show; others need a permission. */
function sumToOne(inputs: Values, given: LossCase, precision: Precision): boolean {
  const tolerance = precision === 'float32' ? 1e-6 : 1e-12;
  const probabilities = [
    given.inputs.kind === 'probabilities' && inputs,
    given.targets.kind === 'probabilities' && given.targets,
  ];
  return probabilities
    .flatMap((values) => (values ? rowsOf(values, given.classAxis) : []))
    .every((row) => Math.abs(row.reduce((mass, p) => mass + p, 0) - 1) <= tolerance);
}
