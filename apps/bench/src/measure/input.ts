import { readFileSync } from 'node:fs';
import { randomNumbers, type RandomNumbers } from '@surprisal/reference';
import type { FileSource, InputSpec, MarginSource, NormalSource } from './protocol.js';

/** Arrays of either type. */
export type FloatArray = Float32Array | Float64Array;

/** A batch, made. */
export interface Input {
  readonly spec: InputSpec;
  readonly logits: FloatArray;
  /** One for each row. */
  readonly labels: Int32Array;
  /** Rows of probabilities, where the input has such targets. */
  readonly probabilities?: FloatArray;
}

/** Makes the batch that a spec says. */
export function makeInput(spec: InputSpec): Input {
  const made = makeLogits(spec);
  return spec.targets === 'labels' ? made : { ...made, probabilities: probabilitiesFor(spec) };
}

function makeLogits(spec: InputSpec): Input {
  const { source } = spec;
  if (source.kind === 'files') return readInput(spec, source);
  if (source.kind === 'normal') return normalInput(spec, source);
  return withMargins(normalInput(spec, { ...source, kind: 'normal' }), source);
}

/** An array of so many numbers of a type. */
export function floatArray(type: InputSpec['type'], from: number): FloatArray {
  return type === 'float32' ? new Float32Array(from) : new Float64Array(from);
}

function readInput(spec: InputSpec, { logits, labels }: FileSource): Input {
  const bytes = (path: string): ArrayBuffer => new Uint8Array(readFileSync(path)).buffer;
  const numbers = spec.type === 'float32' ? new Float32Array(bytes(logits)) : new Float64Array(bytes(logits));
  return { spec, logits: numbers, labels: new Int32Array(bytes(labels)) };
}

function normalInput(spec: InputSpec, source: NormalSource): Input {
  const { rows, classes, type } = spec;
  const random = randomNumbers(source.seed);
  const draw = normalDraws(random);
  const logits = floatArray(type, rows * classes);
  for (let at = 0; at < logits.length; at++) logits[at] = source.spread * draw();
  const labels = Int32Array.from({ length: rows }, () => random.below(Math.max(classes, 2)));
  for (let row = 0; row < rows; row++) trouble(logits, row * classes, classes, labels[row] ?? 0, source);
  return { spec, logits, labels };
}

function withMargins(input: Input, { seed, edges }: MarginSource): Input {
  const { spec, logits, labels } = input;
  const random = randomNumbers(seed + 1);
  for (let row = 0; row < spec.rows; row++) {
    const bucket = bucketOf(row, spec.rows, edges);
    const [low = 0, high = 0] = edges.slice(bucket);
    const margin = low + (high - low) * random.uniform();
    const label = labels[row] ?? 0;
    if (spec.classes === 1) logits[row] = label === 1 ? margin : -margin;
    else logits[row * spec.classes + label] = largestOther(logits, row * spec.classes, spec.classes, label) + margin;
  }
  return input;
}

/** The bucket that a row's margin lies in. */
export function bucketOf(row: number, rows: number, edges: readonly number[]): number {
  return Math.floor((row * (edges.length - 1)) / rows);
}

function largestOther(logits: FloatArray, start: number, classes: number, label: number): number {
  let largest = -Infinity;
  for (let c = 0; c < classes; c++) if (c !== label) largest = Math.max(largest, logits[start + c] ?? NaN);
  return largest;
}

/** A cheap normal draw: of 4096 exact ones a random one, which is as good for times and takes a tenth of the time. */
function normalDraws(random: RandomNumbers): () => number {
  const table = Float64Array.from({ length: 4096 }, () => random.normal());
  return () => table[random.below(table.length)] ?? 0;
}

function trouble(logits: FloatArray, start: number, classes: number, label: number, source: NormalSource): void {
  const own = classes === 1 ? start : start + label;
  const sign = classes === 1 && label === 0 ? -1 : 1;
  if (source.margin !== undefined) logits[own] = (logits[own] ?? 0) + sign * source.margin;
  if (source.trouble === 'far') logits[own] = (logits[own] ?? 0) - 60;
  for (let at = start; at < start + classes; at++) {
    if (source.trouble === 'huge') logits[at] = (logits[at] ?? 0) + 10_000;
    if (source.trouble === 'masked' && at % 10 === 3 && at !== own) logits[at] = -Infinity;
  }
}

/** Dense rows that sum to one, each class with some mass. */
function probabilitiesFor({ rows, classes, type }: InputSpec): FloatArray {
  const random = randomNumbers(rows + classes);
  const probabilities = floatArray(type, rows * classes);
  for (let start = 0; start < probabilities.length; start += classes) {
    let sum = 0;
    for (let at = start; at < start + classes; at++) sum += probabilities[at] = random.uniform() + 0.01;
    for (let at = start; at < start + classes; at++) probabilities[at] = (probabilities[at] ?? 0) / sum;
  }
  return probabilities;
}
