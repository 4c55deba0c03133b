// Compiled by the oldest and the newest TypeScript with no library but es2022; not run.
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { Evaluation } from '@surprisal/core';
import { createPool, type AbortSignalLike, type Pool } from '@surprisal/parallel';
import type { OnnxTensor } from './tensors.js';

export async function useParallel(onnx: OnnxTensor, signal: AbortSignalLike): Promise<readonly unknown[]> {
  const pool: Pool = createPool({ plugins: ['file:///plugins.js', { href: 'file:///more.js' }], workers: 2 });
  const loss = categoricalCrossEntropy({ classes: 3 });
  const labels = BigInt64Array.of(2n, 0n);
  const value: number = await pool.value(loss, onnx, labels, { axis: 1, signal });
  const evaluation: Evaluation = await pool.evaluate(loss, onnx, labels, { losses: true });
  const { gradient } = await pool.valueAndGradient(loss, new Float32Array(6), labels);
  const own: Float32Array = gradient;
  const buffer = new Float64Array(6);
  const same: Float64Array = (await pool.valueAndGradient(loss, onnx, labels, { gradient: buffer })).gradient;
  // @ts-expect-error -- no such option
  createPool({ plugins: [], threads: 2 });
  // @ts-expect-error -- the loss comes first
  await pool.value(onnx, labels, loss);
  await pool.close();
  return [value, evaluation, own, same];
}
