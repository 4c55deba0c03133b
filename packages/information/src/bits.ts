import { kindError, rangeError, show } from '@surprisal/core';

/**
 * Nats as bits.
 *
 *     H / log 2
 *
 * @param nats an entropy, a divergence or a loss
 * @throws TypeError for what is not a number.
 *
 * @example
 * bits(loss.value(logits, labels)); // bits per token, of a language model
 */
export function bits(nats: number): number {
  if (typeof nats === 'number') return nats / Math.LN2;
  throw kindError({ of: 'bits', argument: 'nats', requirement: 'a number', got: show(nats) });
}

/**
 * Bits per byte: the length of a text as a language model would compress it, over its length. Unlike perplexity it compares
 * models with different vocabularies.
 *
 *     sum of the losses / log 2 / bytes
 *
 * @param nats the sum (not the mean) of the losses of all tokens, in nats: `evaluation.sum[0]`
 * @param bytes length of the text in UTF-8: `new TextEncoder().encode(text).length`
 * @throws TypeError or RangeError for what is not a number, or a length that is not greater than 0.
 *
 * @example
 * bitsPerByte(12 * Math.LN2, 4); // 3
 */
export function bitsPerByte(nats: number, bytes: number): number {
  const of = 'bitsPerByte';
  if (typeof nats !== 'number') throw kindError({ of, argument: 'nats', requirement: 'a number', got: show(nats) });
  if (typeof bytes === 'number' && bytes > 0 && bytes < Infinity) return nats / Math.LN2 / bytes;
  throw rangeError({ of, argument: 'bytes', requirement: 'a finite number greater than 0', got: show(bytes) });
}
