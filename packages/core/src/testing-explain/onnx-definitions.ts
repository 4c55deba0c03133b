/** Operators of ONNX, written from their specification (docs/Operators.md, opset 13) and onnx/reference of ONNX 1.22. */
import { argumentValue, softmax } from './argument-value.js';
import type { Value } from './equivalence-case.js';
import { readCall } from './read-call.js';

/** Runs SoftmaxCrossEntropyLoss or NegativeLogLikelihoodLoss. */
export function runOnnx(text: string, names: Readonly<Record<string, Value>>): number {
  const { name, groups } = readCall(text);
  const [input, labels, weights] = groups[0].positional.map((argument) => argumentValue(argument, names));
  const { named } = groups[0];
  const rows = input as readonly number[][];
  const logarithms = name === 'SoftmaxCrossEntropyLoss' ? rows.map((row) => softmax(row).map(Math.log)) : rows;
  let total = 0;
  let weight = 0;
  for (const [row, label] of (labels as readonly number[]).entries()) {
    if (label === Number(named['ignore_index'])) continue;
    const w = (weights as readonly number[] | undefined)?.[label] ?? 1;
    total -= w * logarithms[row][label];
    weight += w;
  }
  return named['reduction'] === '"sum"' ? total : total / weight;
}
