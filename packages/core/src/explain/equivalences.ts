import { applies, takesKeptRows, type Equivalence, type Framework, type TargetKind } from './equivalence.js';
import { KERAS_BINARY } from './keras-binary.js';
import { KERAS_CATEGORICAL } from './keras-categorical.js';
import { ONNX } from './onnx.js';
import { PYTORCH_SIGMOID } from './pytorch-sigmoid.js';
import { PYTORCH_SOFTMAX } from './pytorch-softmax.js';
import { SCIKIT_LEARN } from './scikit-learn.js';
import type { Summary } from './summary.js';
import { TENSORFLOW_JS } from './tensorflow-js.js';

/** The frameworks, in the order in which they are named. */
export const FRAMEWORKS: readonly Framework[] = ['PyTorch', 'Keras', 'scikit-learn', 'ONNX', 'TensorFlow.js'];

/** Which call of which framework does the same: a table that the tests execute row by row. */
export const EQUIVALENCES: readonly Equivalence[] = [
  ...PYTORCH_SOFTMAX,
  ...PYTORCH_SIGMOID,
  ...KERAS_CATEGORICAL,
  ...KERAS_BINARY,
  ...SCIKIT_LEARN,
  ...ONNX,
  ...TENSORFLOW_JS,
];

/** A call that does the same as a loss. */
export interface EqualCall {
  readonly id: string;
  readonly framework: Framework;
  readonly targets: TargetKind;
  readonly call: string;
  /** Whether it is given the rows that are kept instead of all. */
  readonly keptRows: boolean;
  readonly note?: string;
}

/** The calls that do the same as a loss under the options of its calls. */
export function equalCalls(summary: Summary): readonly EqualCall[] {
  return EQUIVALENCES.filter((row) => applies(row, summary)).map((row) => {
    const { id, framework, targets } = row;
    const note = row.note?.(summary);
    const call = { id, framework, targets, call: row.call(summary), keptRows: takesKeptRows(row, summary) };
    return note === undefined ? call : { ...call, note };
  });
}
