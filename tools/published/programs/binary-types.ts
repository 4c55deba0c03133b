// Compiled by the oldest and the newest TypeScript with no library but es2022; not run.
import { binaryCrossEntropy } from '@surprisal/binary';
import type { CallEvaluation, Loss } from '@surprisal/core';
import type { OnnxTensor, TransformersTensor } from './tensors.js';

export function useBinary(onnx: OnnxTensor, transformers: TransformersTensor): readonly unknown[] {
  const loss: Loss<'sigmoid'> = binaryCrossEntropy();
  const value: number = loss.value(onnx, onnx);
  const evaluation: CallEvaluation = loss.evaluate(transformers, transformers, { losses: true, mask: [true] });
  const own: Float32Array = loss.valueAndGradient(Float32Array.of(0), [1]).gradient;
  const wide: Float64Array = loss.valueAndGradient([[0.5, 1]], [[1, 0]]).gradient;
  const given: Float64Array = loss.valueAndGradient(onnx, [1], { gradient: new Float64Array(1) }).gradient;
  // @ts-expect-error -- a value is a number, not just anything
  const text: string = loss.value(onnx, onnx);
  // @ts-expect-error -- the gradient has the type of the logits
  const narrow: Float32Array = loss.valueAndGradient(Float64Array.of(0), [1]).gradient;
  // @ts-expect-error -- no such option
  loss.value(onnx, onnx, { reduce: 'mean' });
  // @ts-expect-error -- the loss has no options
  binaryCrossEntropy({ classes: 2 });
  return [value, evaluation, own, wide, given, text, narrow];
}
