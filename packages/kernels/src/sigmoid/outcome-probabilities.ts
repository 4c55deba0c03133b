import { log1p } from '../scalar/index.js';

/** The two outcomes of an element; each probability is the other's complement. */
export interface OutcomeProbabilities {
  /** -log p1 = softplus(-z) and -log p0 = softplus(z). */
  cost1: number;
  cost0: number;
  p1: number;
  p0: number;
}

export function createOutcomeProbabilities(): OutcomeProbabilities {
  // Fractions, so that the engine stores floating-point numbers in these fields from the start.
  return { cost1: 0.5, cost0: 0.5, p1: 0.5, p0: 0.5 };
}

/** softplus(x) = max(x, 0) + log1p(q), sigmoid(|z|) = 1 / (1 + q), with q = exp(-|z|): nothing cancels or overflows. */
export function setOutcomes(outcomes: OutcomeProbabilities, z: number, q: number): void {
  const logarithm = log1p(q);
  const likely = 1 / (1 + q);
  const unlikely = q / (1 + q);
  outcomes.cost1 = Math.max(-z, 0) + logarithm;
  outcomes.cost0 = Math.max(z, 0) + logarithm;
  outcomes.p1 = z > 0 ? likely : unlikely;
  outcomes.p0 = z > 0 ? unlikely : likely;
}
