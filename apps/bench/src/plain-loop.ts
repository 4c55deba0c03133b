/** The loops that one writes without a library, to compare with: correct formulas, nothing tuned, overflow guarded. */

/** Arrays of either type; a process that times a loop gives it one of them only, as a user does. */
export type FloatArray = Float32Array | Float64Array;

/** Writes the gradient of the mean, and each row's loss where there is room for it; returns the mean. */
export type PlainLoop = (
  logits: FloatArray,
  labels: Uint8Array | Int32Array,
  outputs: { readonly gradient: FloatArray; readonly losses?: FloatArray },
) => number;

/** Softmax cross-entropy: log(sum of exp(z_c - max)) + max - z_y. */
export const plainSoftmaxLoop: PlainLoop = (logits, labels, { losses, gradient }) => {
  const rows = labels.length;
  const classes = logits.length / rows;
  const exponentials = new Float64Array(classes);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    let max = -Infinity;
    for (let c = 0; c < classes; c++) max = Math.max(max, logits[start + c] ?? 0);
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const exponential = Math.exp((logits[start + c] ?? 0) - max);
      exponentials[c] = exponential;
      sum += exponential;
    }
    const label = labels[row] ?? 0;
    const loss = Math.log(sum) + max - (logits[start + label] ?? 0);
    if (losses !== undefined) losses[row] = loss;
    total += loss;
    for (let c = 0; c < classes; c++) {
      const probability = (exponentials[c] ?? 0) / sum;
      gradient[start + c] = (probability - (c === label ? 1 : 0)) / rows;
    }
  }
  return total / rows;
};

/** Binary cross-entropy: max(z, 0) - z y + log(1 + exp(-|z|)). */
export const plainSigmoidLoop: PlainLoop = (logits, labels, { losses, gradient }) => {
  const rows = labels.length;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const z = logits[row] ?? 0;
    const y = labels[row] ?? 0;
    const loss = Math.max(z, 0) - z * y + Math.log(1 + Math.exp(-Math.abs(z)));
    if (losses !== undefined) losses[row] = loss;
    total += loss;
    gradient[row] = (1 / (1 + Math.exp(-z)) - y) / rows;
  }
  return total / rows;
};
