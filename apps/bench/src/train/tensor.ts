import type { TensorLike } from '@surprisal/core';

/** Logits as the losses take them: rows of classes, or (one output) a number for each row. */
export function logitTensor(data: Float32Array, outputs: number): TensorLike & { readonly data: Float32Array } {
  const rows = data.length / outputs;
  return { data, dims: outputs === 1 ? [rows] : [rows, outputs] };
}
