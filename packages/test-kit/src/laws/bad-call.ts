import type { CallOptions, Logits, Targets } from '@surprisal/core';
import type { Refusal } from '../assertions.js';

/** Rows of every bad call; errors are planted after the first. */
export const ROWS = 4;

/** A call that must be refused before anything is written. */
export interface BadCall {
  readonly what: string;
  readonly logits: Logits;
  readonly targets: Targets;
  readonly options: CallOptions;
  readonly kind: Refusal['kind'];
  /** The argument that the message names, with its position where it has one. */
  readonly argument: string;
  /** Further texts of the message: the fix. */
  readonly holds?: readonly string[];
}

/** What makes a call bad; the rest of it is right. */
export type Change = Pick<BadCall, 'what' | 'kind' | 'argument' | 'holds'> & {
  readonly logits?: unknown;
  readonly targets?: unknown;
  readonly options?: object;
};
