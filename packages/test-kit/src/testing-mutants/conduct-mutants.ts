import type { CallEvaluation, CallOptions } from '@surprisal/core';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { alter, changed, withFault, withOptions, type Fault, type Mutant } from './mutate.js';

const mutant = (fault: string, law: string, change: Fault): Mutant => ({
  fault,
  law,
  options: {},
  plugin: withFault(categoricalCrossEntropy, change),
});

/** Runs a call, and something else when it is refused. */
function onRefusal(run: () => CallEvaluation, then: (error: Error) => void): CallEvaluation {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error) then(error);
    throw error;
  }
}

function fillOutputs(options: CallOptions | undefined, value: number): void {
  for (const output of [options?.gradient, options?.losses]) if (typeof output === 'object') alter(output, () => value);
}

let calls = 0;

/** Losses that compute the right numbers and misbehave. */
export const conductMutants: readonly Mutant[] = [
  mutant(
    'the number past the gradient is written',
    'nothing is written outside the outputs, and offsets change no bit',
    (evaluate) =>
      (...call) => {
        const evaluation = evaluate(...call);
        const { gradient } = evaluation;
        if (!(gradient instanceof Float64Array)) return evaluation;
        const memory = new Float64Array(gradient.buffer);
        if (gradient.byteOffset / 8 + gradient.length < memory.length)
          memory[gradient.byteOffset / 8 + gradient.length] = 0;
        return evaluation;
      },
  ),
  mutant('the logits are shifted in place', 'inputs are never modified', (evaluate) => (...call) => {
    const evaluation = evaluate(...call);
    alter((call[0] as { readonly data: Float64Array }).data, (item) => item - 1);
    return evaluation;
  }),
  mutant(
    'outputs may lie over inputs',
    'outputs that share memory with inputs are refused and untouched',
    (evaluate) => (logits, targets, options) => {
      const { data } = logits as { readonly data: Float64Array };
      return evaluate(
        typeof options?.gradient === 'object' && data instanceof Float64Array
          ? { ...(logits as object), data: data.slice() }
          : logits,
        targets,
        options,
      );
    },
  ),
  mutant(
    'bits depend on the place of a row in its tile',
    "a row's bits do not depend on the other rows",
    (evaluate) =>
      (...call) => {
        const evaluation = evaluate(...call);
        alter(evaluation.gradient, (item, i) => (i >= 128 ? item * (1 + 2 ** -22) : item));
        return evaluation;
      },
  ),
  mutant(
    'bits depend on the calls before',
    'the same call twice gives the same bits, whatever came between',
    (evaluate) =>
      (...call) => {
        const evaluation = evaluate(...call);
        calls++;
        alter(evaluation.losses, (item) => item * (1 + calls * 2 ** -50));
        return evaluation;
      },
  ),
  mutant(
    'the value is rounded to float32 when a gradient is asked for',
    'value, valueAndGradient and evaluate agree to the last bit',
    (evaluate) =>
      (...call) => {
        const evaluation = evaluate(...call);
        return evaluation.gradient === undefined
          ? evaluation
          : changed(evaluation, { value: Math.fround(evaluation.value) });
      },
  ),
  mutant(
    'the low part of the sum is dropped',
    'evaluations of any split merge to that of the whole, to the last bit',
    (evaluate) =>
      (...call) => {
        const evaluation = evaluate(...call);
        return changed(evaluation, { sum: [evaluation.sum[0], 0], weight: [evaluation.weight[0], 0] });
      },
  ),
  mutant(
    'JSON makes infinite sums null',
    'infinite and NaN shards survive JSON and merging',
    (evaluate) =>
      (...call) => {
        const evaluation = evaluate(...call);
        const toJSON = (): never => ({ ...evaluation, sum: [...evaluation.sum] }) as never;
        return changed(evaluation, { toJSON });
      },
  ),
  mutant(
    'the axis is taken to be the last',
    'logits with the class axis in the middle are the transposed rows',
    (evaluate) => (logits, targets, options) => {
      const { data, dims = [] } = logits as { readonly data: ArrayLike<number>; readonly dims?: readonly number[] };
      const [outer = 1, width = 1, inner = 1] = dims;
      if (options?.axis === undefined || dims.length !== 3) return evaluate(logits, targets, options);
      return evaluate({ data, dims: [outer, inner, width] }, targets, { ...options, axis: -1 });
    },
  ),
  mutant(
    'nested arrays are read as float32',
    'nested arrays, bare arrays and tensors give the same',
    (evaluate) => (logits, targets, options) => {
      const evaluation = evaluate(logits, targets, options);
      return Array.isArray(logits) ? changed(evaluation, { value: Math.fround(evaluation.value) }) : evaluation;
    },
  ),
  mutant(
    'a flat array is refused',
    'one row may come as a flat array with a number',
    (evaluate) => (logits, targets, options) =>
      evaluate(typeof targets === 'number' ? (undefined as never) : logits, targets, options),
  ),
  mutant(
    'an error has no position',
    'a bad call is refused by name and position before anything is written',
    (evaluate) =>
      (...call) =>
        onRefusal(
          () => evaluate(...call),
          (error) => (error.message = error.message.replace(/\[\d+\]/, '')),
        ),
  ),
  mutant(
    'outputs are cleared before the call is checked',
    'a bad call is refused by name and position before anything is written',
    (evaluate) =>
      (...call) => {
        fillOutputs(call[2], 0);
        return evaluate(...call);
      },
  ),
  mutant(
    'a NaN logit passes',
    'a bad logit is refused by position, and the outputs are all NaN',
    (evaluate) => (logits, targets, options) =>
      evaluate(logits, targets, withOptions(options, { invalid: 'propagate' })),
  ),
  mutant(
    'half a result is left after a bad logit',
    'a bad logit is refused by position, and the outputs are all NaN',
    (evaluate) =>
      (...call) =>
        onRefusal(
          () => evaluate(...call),
          (error) => {
            if (error.message.includes('logits[')) fillOutputs(call[2], 0.5);
          },
        ),
  ),
];
