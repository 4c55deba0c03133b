// Compiled by the oldest and the newest TypeScript with no library but es2022; not run.
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { createRegistry, mergeEvaluations, type Evaluation, type Loss } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { balancedWeights, classCounts, classWeighted } from '@surprisal/weighted';
import type { OnnxTensor, TransformersTensor } from './tensors.js';

export function useCategorical(onnx: OnnxTensor, transformers: TransformersTensor): readonly unknown[] {
  const labels = BigInt64Array.of(2n, 0n);
  const weights: number[] = balancedWeights(classCounts(labels, { classes: 3 }));
  const weighted: Loss<'softmax'> = classWeighted(categoricalCrossEntropy({ classes: 3 }), { weights });
  const loss: Loss<'softmax'> = labelSmoothed(weighted, { smoothing: 0.1, spread: 'all' });
  const value: number = loss.value(onnx, labels, { axis: 1, ignoreIndex: [-100] });
  const evaluation: Evaluation = mergeEvaluations(
    loss.evaluate(transformers, labels),
    loss.evaluate(onnx, transformers),
  );
  const own: Float32Array = loss.valueAndGradient(new Float32Array(6), labels).gradient;
  const registry = createRegistry(categoricalCrossEntropy).use(labelSmoothed, classWeighted);
  const made: Loss<'softmax'> = registry.create('label-smoothed', weighted, { smoothing: 0.1 });
  // @ts-expect-error -- no such plugin
  registry.create('focal', weighted, { gamma: 2 });
  // @ts-expect-error -- smoothing is a number
  labelSmoothed(weighted, { smoothing: '0.1' });
  // @ts-expect-error -- weights are needed
  classWeighted(weighted);
  // @ts-expect-error -- text is no target
  loss.value(onnx, 'cat');
  return [value, evaluation, own, made];
}
