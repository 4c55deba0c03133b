/** Seeded batches, the same in Node and on a page. */
export interface BatchOptions {
  readonly rows: number;
  readonly classes: number;
  /** Numbers of an outer block per class: 1 where the class axis is the last. */
  readonly inner?: number;
  readonly seed: number;
  readonly type: 'float32' | 'float64';
  readonly shared: boolean;
}

export interface Batch {
  readonly logits: Float32Array | Float64Array;
  readonly labels: Int32Array;
  /** Rows of probabilities in the layout of the logits. */
  readonly probabilities: Float64Array;
  /** Per row, of very different sizes, so that sums in another order would round otherwise. */
  readonly weights: Float64Array;
  /** Per row. */
  readonly mask: Uint8Array;
}

const constructors = {
  float32: Float32Array,
  float64: Float64Array,
};

/** Makes a batch. */
export function makeBatch({ rows, classes, inner = 1, seed, type, shared }: BatchOptions): Batch {
  const next = random(seed);
  const size = rows * classes;
  const memory = (bytes: number): ArrayBufferLike => (shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
  const logits = new constructors[type](memory(size * constructors[type].BYTES_PER_ELEMENT) as ArrayBuffer);
  for (let i = 0; i < size; i++) logits[i] = 12 * next() - 6;
  const labels = new Int32Array(memory(4 * rows));
  const probabilities = new Float64Array(memory(8 * size));
  const weights = new Float64Array(memory(8 * rows));
  const mask = new Uint8Array(memory(rows));
  for (let row = 0; row < rows; row++) {
    labels[row] = Math.floor(classes * next());
    weights[row] = 10 ** (8 * next() - 4);
    mask[row] = next() < 0.8 ? 1 : 0;
    const masses = Array.from({ length: classes }, () => next() + 0.01);
    const total = masses.reduce((sum, mass) => sum + mass, 0);
    const first = Math.floor(row / inner) * inner * classes + (row % inner);
    masses.forEach((mass, index) => (probabilities[first + index * inner] = mass / total));
  }
  return { logits, labels, probabilities, weights, mask };
}

/** Park and Miller's generator. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
