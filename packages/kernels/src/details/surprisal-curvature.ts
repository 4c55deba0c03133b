import type { SurprisalTerm } from '@surprisal/core';
import { exp, expm1, pow } from '../scalar/index.js';

/**
 * psi''(l) (1 - p), the second derivative of a surprisal by the log-probability, times what keeps it finite at p = 1:
 *
 *     psi'' = sum of c (1 - p)^a { a p / (1 - p) [2 p^q - T_q + (a - 1) p T_q / (1 - p)] - q p^q }
 *
 * 0 for cross-entropy, whose psi' is constant.
 *
 * @param l log p, p and complement = 1 - p, each as accurate as the caller has it
 */
export function surprisalCurvature(terms: readonly SurprisalTerm[], l: number, p: number, complement: number): number {
  let sum = 0;
  for (const { coefficient, power, order } of terms) {
    if (coefficient === 0) continue;
    const root = order === 0 ? 1 : exp(order * l);
    let bracket = -order * root * complement;
    if (power > 0 && p > 0) bracket += power * p * bracketOf(power, order, root, l, p, complement);
    sum += coefficient * (power === 0 ? 1 : pow(complement, power)) * bracket;
  }
  return sum;
}

/** 2 p^q - T_q + (a - 1) p T_q / (1 - p), where T_q / (1 - p) goes to 1 with p. */
function bracketOf(power: number, order: number, root: number, l: number, p: number, complement: number): number {
  const cost = order === 0 ? -l : -expm1(order * l) / order;
  const perComplement = complement === 0 ? 1 : cost / complement;
  return 2 * root - cost + (power - 1) * p * perComplement;
}
