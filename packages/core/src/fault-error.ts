import type { Call } from './call.js';
import type { Fault } from './engine.js';
import { rangeError, show } from './errors.js';

/** The complaint about what an engine found, with its position in a call that has `rowsBefore` more rows in front. */
export function faultError(
  { of, choices, layout: { classes, inner }, unit }: Call,
  { kind, position, value }: Fault,
  rowsBefore: number,
): RangeError {
  const argument = `${choices.input}[${String(rowsBefore * classes + position)}]`;
  const row = String(rowsBefore + Math.floor(position / (classes * inner)) * inner + (position % inner));
  const got = show(value);
  switch (kind) {
    case 'number':
      // A binary logit may be any number: both infinities are certain predictions.
      return rangeError({
        of,
        argument,
        requirement: unit === 'elements' && choices.input === 'logits' ? 'a number' : 'a finite number or -Infinity',
        got,
        fix: "to let it through as NaN pass invalid: 'propagate'",
      });
    case 'masked':
      return rangeError({
        of,
        argument,
        requirement: `a class other than -Infinity in row ${row}`,
        got: 'only -Infinity',
      });
    case 'range':
      return choices.input === 'probabilities'
        ? rangeError({
            of,
            argument,
            requirement: 'a probability in [0, 1]',
            got,
            fix: 'for logits leave the option input out',
          })
        : rangeError({
            of,
            argument,
            requirement: 'a log-probability of at most 0',
            got,
            fix: 'for logits leave the option input out',
          });
    case 'sum':
      return rangeError({
        of,
        argument,
        requirement: `a row of probabilities that sums to 1 (row ${row})`,
        got: `a sum of ${got}`,
        fix: 'to take it as it is pass unnormalized: true',
      });
  }
}
