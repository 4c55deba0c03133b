/**
 * Segmentation: a class for every pixel of a picture. Networks for it give logits in the layout [pictures, classes,
 * height, width], so the class axis is the second, and a mask [pictures, height, width] says which class is right. Where
 * nobody can tell, as on the outline of a thing, the mask holds 255, and the pixel counts for nothing.
 */
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { TensorLike } from '@surprisal/core';
import type { ExampleOptions } from './example-options.js';
import { seededRandom } from './random.js';

const PICTURES = 2;
const CLASSES = 3;
const HEIGHT = 12;
const WIDTH = 16;
const PIXELS = HEIGHT * WIDTH;
const VOID = 255;

/** What the program found. */
export interface SegmentationReport {
  /** Mean loss of a pixel, void pixels left out. */
  readonly mean: number;
  /** The same after one step of each logit against its slope. */
  readonly meanAfterStep: number;
  /** Pixels that counted, and those that did not. */
  readonly counted: number;
  readonly ignored: number;
  /** Loss of every pixel, laid out like the mask. */
  readonly losses: ArrayLike<number>;
  /** Slope of the mean at every logit, laid out like the logits. */
  readonly gradient: ArrayLike<number>;
  /** What the library says when `axis: 1` is forgotten. */
  readonly forgottenAxis: string;
}

/** Scores the logits of a pretended network, and improves them by one step. */
export function segment({ seed = 1, print = console.log }: ExampleOptions = {}): SegmentationReport {
  const mask = { data: makeMask(), dims: [PICTURES, HEIGHT, WIDTH] };
  const data = makeLogits(mask.data, seededRandom(seed).normal);
  const logits = { data, dims: [PICTURES, CLASSES, HEIGHT, WIDTH] };
  const loss = categoricalCrossEntropy();

  const options = { axis: 1, ignoreIndex: VOID } as const;
  const evaluation = loss.evaluate(logits, mask, { ...options, losses: true });
  print(`mean loss ${evaluation.mean.toFixed(4)} over ${evaluation.elements} pixels, ${evaluation.ignored} void`);

  // Masks come in any integer type, and give the same number.
  const wide = { data: Int32Array.from(mask.data), dims: mask.dims };
  if (loss.value(logits, wide, options) !== evaluation.value) throw new Error('the type of the mask made a difference');

  // Into a buffer of ours, in the layout of the logits. A training loop makes it once and uses it again and again.
  const gradient = new Float32Array(data.length);
  loss.valueAndGradient(logits, mask, { ...options, gradient });
  // The mean is over all pixels, so each slope is small: undo the division for a step that can be seen.
  const better = { ...logits, data: data.map((logit, at) => logit - evaluation.elements * (gradient[at] ?? 0)) };
  const meanAfterStep = loss.value(better, mask, options);
  print(`one step down the gradient: ${meanAfterStep.toFixed(4)}`);

  const losses = evaluation.losses ?? [];
  print('where the first picture is hard (. below 0.1, o below 1, # above, blank: void):');
  for (const line of drawLosses(losses, mask.data)) print(line);

  const { mean, elements: counted, ignored } = evaluation;
  return { mean, meanAfterStep, counted, ignored, losses, gradient, forgottenAxis: forgetAxis(logits, mask) };
}

/** Without `axis: 1` the last axis, the width, would be taken for the classes. The shapes give it away. */
function forgetAxis(logits: TensorLike, mask: TensorLike): string {
  try {
    categoricalCrossEntropy().value(logits, mask, { ignoreIndex: VOID });
    throw new Error('logits were taken along the wrong axis');
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

/** Sky (0), ground (1), and a disc (2), whose outline is void. */
function makeMask(): Uint8Array {
  return Uint8Array.from({ length: PICTURES * PIXELS }, (_, at) => {
    const picture = Math.floor(at / PIXELS);
    const y = Math.floor((at % PIXELS) / WIDTH);
    const x = at % WIDTH;
    const distance = Math.hypot(x - 6 - 3 * picture, y - 5);
    if (Math.abs(distance - 4) < 0.5) return VOID;
    return distance < 4 ? 2 : y < 8 ? 0 : 1;
  });
}

/** Noise, and at the right class of each pixel some more. Void pixels have noise alone: nobody may read it. */
function makeLogits(mask: Uint8Array, normal: () => number): Float32Array {
  const logits = Float32Array.from({ length: PICTURES * CLASSES * PIXELS }, normal);
  for (const [at, label] of mask.entries()) {
    if (label === VOID) continue;
    const picture = Math.floor(at / PIXELS);
    const position = (picture * CLASSES + label) * PIXELS + (at % PIXELS);
    logits[position] = (logits[position] ?? 0) + 3;
  }
  return logits;
}

/** The losses of the first picture as characters. */
function drawLosses(losses: ArrayLike<number>, mask: Uint8Array): string[] {
  const symbol = (at: number): string => {
    if (mask[at] === VOID) return ' ';
    const loss = losses[at] ?? 0;
    return loss < 0.1 ? '.' : loss < 1 ? 'o' : '#';
  };
  return Array.from({ length: HEIGHT }, (_, y) =>
    Array.from({ length: WIDTH }, (_, x) => symbol(y * WIDTH + x)).join(''),
  );
}

if (process.argv[1] === import.meta.filename) segment();
