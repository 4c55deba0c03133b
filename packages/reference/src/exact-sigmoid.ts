import type { Decimal } from 'decimal.js';
import { exactDecimal, withEnoughDigits, ZERO, type Exact } from './exact-decimal.js';
import type { ExactOptions } from './exact-softmax.js';
import { CROSS_ENTROPY_TERMS, logarithmOf, surprisalOf, type Surprisal } from './surprisal-terms.js';

/** The loss of one logit and its derivative. */
export interface ExactElement {
  readonly loss: Decimal;
  readonly gradient: Decimal;
}

/**
 * The expected surprisal of sigmoid(logit) under masses u1 of the positive and u0 of the negative outcome, and its
 * derivative, right to at least 30 digits.
 *
 *     loss = u1 psi(log p) + u0 psi(log(1 - p)) + strength log(1 + e^z)^2,   p = 1 / (1 + e^-z)
 *     d loss / dz = u1 psi'(log p) (1 - p) - u0 psi'(log(1 - p)) p + 2 strength log(1 + e^z) p
 *
 * @param logit - z; -Infinity and Infinity are the certain outcomes.
 * @throws RangeError for a NaN logit.
 */
export function exactSigmoidElement(logit: Exact, u1: Exact, u0: Exact, options: ExactOptions = {}): ExactElement {
  const z = exactDecimal(logit);
  if (z.isNaN()) throw new RangeError('"logit" expected a number, got NaN');
  const masses = [exactDecimal(u1), exactDecimal(u0)];
  const terms = options.terms ?? CROSS_ENTROPY_TERMS;
  const strength = exactDecimal(options.partition ?? 0);
  const extraDigits = z.isFinite() ? Math.min(17, Math.max(0, z.e + 1)) : 0;

  const [loss, gradient] = withEnoughDigits(extraDigits, (Numbers) => {
    const exponential = z.isFinite() ? Numbers.exp(z.abs().neg()) : ZERO;
    const sum = Numbers.add(1, exponential);
    const likely = Numbers.div(1, sum);
    const unlikely = Numbers.div(exponential, sum);
    const likelySide = {
      probability: likely,
      complement: unlikely,
      logarithm: () => logarithmOf(likely, unlikely, Numbers),
    };
    const unlikelySide = {
      probability: unlikely,
      complement: likely,
      // Decimal's exp is zero below exp(-2e16), and log(1 + e^-|z|) then nothing to |z|.
      logarithm: () => (exponential.isZero() ? z.abs().neg() : logarithmOf(unlikely, likely, Numbers)),
    };
    const [positive, negative] = z.isNegative() ? [unlikelySide, likelySide] : [likelySide, unlikelySide];

    const nothing = { value: ZERO, scale: ZERO };
    const surprisals = [positive, negative].map((side, index): Surprisal =>
      masses[index].isZero() ? { cost: nothing, slope: nothing } : surprisalOf(side, terms, Numbers),
    );
    const total = (parts: readonly (readonly [Decimal, Decimal])[]): Decimal =>
      parts.reduce(
        (result, [a, b]) => (a.isZero() || b.isZero() ? result : Numbers.add(result, Numbers.mul(a, b))),
        new Numbers(0),
      );
    const softplus = strength.isZero() ? ZERO : negative.logarithm().abs();
    const partition = strength.isZero() ? ZERO : Numbers.mul(strength, softplus);
    const u1Slope = Numbers.mul(masses[0], surprisals[0].slope.value);
    const u0Slope = Numbers.mul(masses[1], surprisals[1].slope.value);
    const u1SlopeScale = Numbers.mul(masses[0], surprisals[0].slope.scale);
    const u0SlopeScale = Numbers.mul(masses[1], surprisals[1].slope.scale);
    const twice = Numbers.mul(2, partition);
    return [
      {
        value: total([
          [masses[0], surprisals[0].cost.value],
          [masses[1], surprisals[1].cost.value],
          [partition, softplus],
        ]),
        scale: total([
          [masses[0], surprisals[0].cost.scale],
          [masses[1], surprisals[1].cost.scale],
          [partition.abs(), softplus],
        ]),
      },
      {
        value: total([
          [u1Slope, positive.complement],
          [u0Slope.neg(), positive.probability],
          [twice, positive.probability],
        ]),
        scale: total([
          [u1SlopeScale, positive.complement],
          [u0SlopeScale, positive.probability],
          [twice.abs(), positive.probability],
        ]),
      },
    ];
  });
  return { loss, gradient };
}
