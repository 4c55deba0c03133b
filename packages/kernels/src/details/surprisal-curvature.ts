import type { SurprisalTerm } from '@surprisal/core';
import { logarithmOfShifted, slopeOfTerm } from '../given/surprisal-terms.js';
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
  for (const term of terms) {
    const { coefficient, shift = 0 } = term;
    if (coefficient === 0) continue;
    sum += shift === 0 ? curvatureOfTerm(term, l, p, complement) : shiftedCurvature(term, shift, p, complement);
  }
  return sum;
}

function curvatureOfTerm(
  { coefficient, power, order }: SurprisalTerm,
  l: number,
  p: number,
  complement: number,
): number {
  const root = order === 0 ? 1 : exp(order * l);
  let bracket = -order * root * complement;
  if (power > 0 && p > 0) bracket += power * p * bracketOf(power, order, root, l, p, complement);
  return coefficient * (power === 0 ? 1 : pow(complement, power)) * bracket;
}

/**
 * Of a term of r = p + m, whose log r has the derivatives s = p / r and s (1 - s) by l:
 *
 *     psi'' = s^2 psi''(log r) + s (1 - s) psi'(log r),   1 - s = m / r;   0 from r = 1 on
 */
function shiftedCurvature(term: SurprisalTerm, shift: number, p: number, complement: number): number {
  const rest = complement - shift;
  if (!(rest > 0)) return 0;
  const shifted = p + shift;
  const share = p / shifted;
  const logarithm = logarithmOfShifted(shifted, rest);
  const curvature = (share * curvatureOfTerm(term, logarithm, shifted, rest)) / rest;
  const slope = (shift / shifted) * slopeOfTerm(term, logarithm, shifted, rest, 0);
  return share * (curvature + slope) * complement;
}

/** 2 p^q - T_q + (a - 1) p T_q / (1 - p), where T_q / (1 - p) goes to 1 with p. */
function bracketOf(power: number, order: number, root: number, l: number, p: number, complement: number): number {
  const cost = order === 0 ? -l : -expm1(order * l) / order;
  const perComplement = complement === 0 ? 1 : cost / complement;
  return 2 * root - cost + (power - 1) * p * perComplement;
}
