import { rangeError, type Loss } from '@surprisal/core';

/** Refuses a vector over the outcomes that is too long or too short for a loss, by the name that the user knows it by. */
export function checkLength(of: string, argument: string, { length }: readonly number[], loss: Loss): void {
  const binary = loss.link.name === 'sigmoid';
  const expected = binary ? 2 : (loss.classes ?? length);
  if (length === expected) return;
  throw rangeError({
    of,
    argument,
    requirement: binary
      ? '2 numbers for a binary loss, one per outcome [negative, positive]'
      : `${String(expected)} numbers, one per class`,
    got: String(length),
  });
}
