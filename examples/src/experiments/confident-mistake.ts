import { categoricalCrossEntropy } from '@surprisal/categorical';
import { brierScore } from '@surprisal/squared-error';

/** The pull on the label's logit of a row, |d loss / d z_y|, at a probability of the label. */
export interface Pull {
  readonly probability: number;
  readonly crossEntropy: number;
  readonly squaredError: number;
}

/** How hard each loss pulls a row of two classes whose label has logit -gap against 0. */
export function confidentMistake(gaps: readonly number[]): readonly Pull[] {
  return gaps.map((gap) => {
    const logits = [[-gap, 0]];
    const pull = (loss: { valueAndGradient: typeof plain.valueAndGradient }): number =>
      Math.abs(loss.valueAndGradient(logits, [0]).gradient[0] ?? NaN);
    const plain = categoricalCrossEntropy();
    return {
      probability: 1 / (1 + Math.exp(gap)),
      crossEntropy: pull(plain),
      squaredError: pull(brierScore()),
    };
  });
}
