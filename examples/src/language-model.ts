/**
 * Scores a language model: how surprised it is by each next letter of a text, and its perplexity. The tensors look as
 * those of onnxruntime and transformers.js do: numbers, the lengths of the axes, and the name of the number type.
 */
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { ExampleOptions } from './example-options.js';

const TEXT = 'the cat sat on the mat and the rat sat on the hat and that was that';
/** Letters of this text; the padding has no letter. */
const LETTERS = [...new Set(TEXT)].sort();
const LENGTH = TEXT.length + 3;
/** The label that means "nothing to predict here", as everywhere since PyTorch's cross_entropy. */
const NOTHING = -100;

/** A tensor as the run times give it. `float16` comes as the bits, two bytes a number. */
export interface Tensor<Data, Type extends string> {
  readonly data: Data;
  readonly dims: readonly number[];
  readonly type: Type;
}

/** What the program found. */
export interface LanguageModelReport {
  /** Mean loss of a letter, in nats. */
  readonly mean: number;
  /** exp(mean): among how many equally likely letters the model seems to guess. */
  readonly perplexity: number;
  /** Perplexity of a model that knows nothing: the number of letters. */
  readonly uniformPerplexity: number;
  /** The same from the logits as float16. */
  readonly halfMean: number;
  /** Loss of each position; 0 where there is nothing to predict. */
  readonly losses: ArrayLike<number>;
  /** Positions that counted, and those that did not. */
  readonly counted: number;
  readonly ignored: number;
}

/** Scores a model of pairs of letters on the text. */
export function scoreLanguageModel({ print = console.log }: ExampleOptions = {}): LanguageModelReport {
  const logits = pairLogits();
  const labels = nextLetters();
  const loss = categoricalCrossEntropy();

  const evaluation = loss.evaluate(logits, labels, { ignoreIndex: NOTHING, losses: true });
  const { mean, elements: counted, ignored } = evaluation;
  const perplexity = Math.exp(mean);
  print(`${counted} letters predicted, ${ignored} positions left out`);
  print(
    `mean loss ${mean.toFixed(4)} nats = ${(mean / Math.LN2).toFixed(4)} bits, perplexity ${perplexity.toFixed(3)}`,
  );

  const uniform = { ...logits, data: new Float32Array(logits.data.length) };
  const uniformPerplexity = Math.exp(loss.value(uniform, labels, { ignoreIndex: NOTHING }));
  print(`a model that knows nothing: perplexity ${uniformPerplexity.toFixed(3)} with ${LETTERS.length} letters`);

  // Half the memory, and here the same numbers: the logits were made to fit.
  const half: Tensor<Uint16Array, 'float16'> = {
    data: Uint16Array.from(logits.data, toHalfBits),
    dims: logits.dims,
    type: 'float16',
  };
  const halfMean = loss.value(half, labels, { ignoreIndex: NOTHING });
  print(`the same logits as float16: mean loss ${halfMean.toFixed(4)}`);

  const losses = evaluation.losses ?? [];
  const hardest = [...labels.data.keys()].sort((one, other) => (losses[other] ?? 0) - (losses[one] ?? 0)).slice(0, 3);
  for (const at of hardest)
    print(
      `surprising: "${TEXT.slice(0, at + 1)}" goes on with "${TEXT.charAt(at + 1)}", ${(losses[at] ?? 0).toFixed(2)} nats`,
    );
  return { mean, perplexity, uniformPerplexity, halfMean, losses, counted, ignored };
}

/** The label of a position is the letter after it. The last letter has none, and neither has the padding. */
function nextLetters(): Tensor<BigInt64Array, 'int64'> {
  const data = new BigInt64Array(LENGTH).fill(BigInt(NOTHING));
  for (let at = 0; at + 1 < TEXT.length; at++) data[at] = BigInt(LETTERS.indexOf(TEXT.charAt(at + 1)));
  return { data, dims: [1, LENGTH], type: 'int64' };
}

/** A model: the logit of a letter after another is the logarithm of how often it was seen there, plus one. */
function pairLogits(): Tensor<Float32Array, 'float32'> {
  const data = new Float32Array(LENGTH * LETTERS.length);
  for (let at = 0; at < LENGTH; at++)
    for (const [letter, next] of LETTERS.entries()) {
      const seen = at < TEXT.length ? TEXT.split(TEXT.charAt(at) + next).length - 1 : 0;
      // Rounded to 1/64, which float16 holds exactly for numbers below 16.
      data[at * LETTERS.length + letter] = Math.round(64 * Math.log(seen + 1)) / 64;
    }
  return { data, dims: [1, LENGTH, LETTERS.length], type: 'float32' };
}

/**
 * The 16 bits of a float16: sign, 5 bits of exponent, 10 of fraction. For numbers that need no rounding and are 0 or at
 * least 2^-14 in size, which is all that this program has. A run time gives you such bits as they are.
 */
export function toHalfBits(value: number): number {
  if (value === 0) return 0;
  const size = Math.abs(value);
  let exponent = 0;
  while (size >= 2 ** (exponent + 1)) exponent++;
  while (size < 2 ** exponent) exponent--;
  const fraction = (size / 2 ** exponent - 1) * 1024;
  return (value < 0 ? 0x8000 : 0) + ((exponent + 15) << 10) + fraction;
}

if (process.argv[1] === import.meta.filename) scoreLanguageModel();
