/**
 * A wrapper of your own: a temperature, which divides the logits before the loss sees them. Above 1 it makes a network
 * less sure of itself. The wrapper is data, a step in the plan of the loss, so nothing here computes a gradient.
 */
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { createRegistry, defineWrapper, type Loss, type WrapperPlugin } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import type { ExampleOptions } from './example-options.js';

/** Options of `tempered`. */
export interface TemperedOptions {
  /** T > 0: the logits become z / T. */
  readonly temperature: number;
}

/** Divides the logits by a temperature: z' = z / T. */
export const tempered: WrapperPlugin<'tempered', TemperedOptions> = /* @__PURE__ */ defineWrapper({
  name: 'tempered',
  links: ['softmax', 'sigmoid'],
  // What an option may be is data too. A temperature of 0, or a misspelt option, is refused with a message.
  options: { temperature: { kind: 'number', above: 0 } },
  steps: ({ temperature }) => [{ kind: 'affine', scale: 1 / temperature }],
  // What stays true of the loss that is wrapped; the test kit checks it.
  traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: () => [{ temperature: 2 }],
});

/** What the program found. */
export interface OwnPluginReport {
  readonly names: readonly string[];
  readonly loss: Loss;
  readonly value: number;
  readonly gradient: ArrayLike<number>;
  /** What is said of a temperature of 0. */
  readonly refusal: string;
}

/** Makes a loss with the new wrapper from JSON, as a configuration file would hold it. */
export function useOwnPlugin({ print = console.log }: ExampleOptions = {}): OwnPluginReport {
  const losses = createRegistry(categoricalCrossEntropy, labelSmoothed).use(tempered);
  print(`registered: ${losses.names.join(', ')}`);

  const configuration = `{
    "version": 1, "loss": "label-smoothed", "smoothing": 0.1,
    "of": { "loss": "tempered", "temperature": 2, "of": { "loss": "categorical-cross-entropy" } }
  }`;
  const loss = losses.fromJSON(JSON.parse(configuration));
  const { value, gradient } = loss.valueAndGradient(LOGITS, LABELS);
  print(`loss ${value.toFixed(6)}, gradient ${Array.from(gradient, (slope) => slope.toFixed(4)).join(' ')}`);
  print(`and back to JSON: ${JSON.stringify(loss)}`);

  const refusal = refusalOf(() => losses.create('tempered', categoricalCrossEntropy(), { temperature: 0 }));
  print(refusal);
  return { names: losses.names, loss, value, gradient, refusal };
}

/** Two rows of three classes, and their labels. */
export const LOGITS: readonly number[][] = [
  [1, 2, 0.5],
  [0.1, -1, 3],
];
export const LABELS: readonly number[] = [1, 2];

function refusalOf(attempt: () => Loss): string {
  try {
    return `taken: ${attempt().name}`;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

if (process.argv[1] === import.meta.filename) useOwnPlugin();
