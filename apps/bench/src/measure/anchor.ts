/**
 * The plain loops that every time is divided by. They are frozen: a change here breaks every series of measurements, so
 * that a faster or a more exact loop belongs elsewhere. Correct formulas, nothing tuned, overflow guarded.
 */

type Numbers = Float32Array | Float64Array;

/** Softmax cross-entropy, log(sum of exp(z_c - max)) + max - z_y, and its gradient; returns the mean over the rows. */
export function anchorSoftmax(logits: Numbers, labels: Int32Array, gradient: Numbers): number {
  const rows = labels.length;
  const classes = gradient.length / rows;
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
    total += Math.log(sum) + max - (logits[start + label] ?? 0);
    for (let c = 0; c < classes; c++) {
      const probability = (exponentials[c] ?? 0) / sum;
      gradient[start + c] = (probability - (c === label ? 1 : 0)) / rows;
    }
  }
  return total / rows;
}

/** Binary cross-entropy, max(z, 0) - z y + log(1 + exp(-|z|)), and its gradient; returns the mean over the elements. */
export function anchorSigmoid(logits: Numbers, labels: Int32Array, gradient: Numbers): number {
  const rows = labels.length;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const z = logits[row] ?? 0;
    const y = labels[row] ?? 0;
    total += Math.max(z, 0) - z * y + Math.log(1 + Math.exp(-Math.abs(z)));
    gradient[row] = (1 / (1 + Math.exp(-z)) - y) / rows;
  }
  return total / rows;
}
