import type { SurprisalTerm } from '@surprisal/core';
import { exactDecimal } from '@surprisal/reference';
import type { Decimal } from 'decimal.js';

/**
 * What an error of each gradient element is measured against. For most it is the element. One that is a true difference
 * |u| p_j - u_j has no relative accuracy where the two meet, and is measured against |u| p_j + u_j; with a surprisal
 * psi the masses are u_c |psi'_c|, and a partition term adds its part. The unit in the last place of a scale takes a few of its
 * digits, so that floating-point numbers do.
 *
 * @param z - Logits after all steps.
 * @param u - The target measure.
 * @param gradient - The exact derivatives by these logits.
 * @param terms - The surprisal of each outcome, or the one of all.
 */
export function gradientScale(
  z: readonly Decimal[],
  u: readonly Decimal[],
  gradient: readonly Decimal[],
  terms: readonly (readonly SurprisalTerm[])[],
  partition: number,
): Decimal[] {
  const logits = z.map(Number);
  const largest = Math.max(...logits);
  const exponentials = logits.map((logit) => Math.exp(logit - largest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  const outcomes = exponentials.map((value, index) => {
    const others = exponentials.reduce((rest, other, at) => (at === index ? rest : rest + other), 0);
    return { probability: value / sum, complement: others / sum };
  });
  const pulls = outcomes.map(
    (outcome, index) => Number(u[index] ?? 0) * steepness(outcome, terms[index] ?? terms[0] ?? []),
  );
  const total = pulls.reduce((all, pull) => all + pull, 0);
  const ofPartition = Math.abs(2 * partition * (largest + Math.log(sum)));
  const withMass = u.filter((mass) => !mass.isZero()).length;
  return gradient.map((element, index) => {
    const pull = pulls[index] ?? 0;
    const isDifference = partition !== 0 || (pull > 0 && withMass > 1);
    return isDifference ? exactDecimal((outcomes[index]?.probability ?? 0) * (total + ofPartition) + pull) : element;
  });
}

/** |psi'(log p)| = sum of |c| (1 - p)^a (p^q + a p T_q / (1 - p)); of a term with a shift p / r times the same of r = p + m. */
function steepness({ probability: p, complement }: Outcome, terms: readonly SurprisalTerm[]): number {
  return terms.reduce((sum, { coefficient, power, order, shift = 0 }) => {
    const rest = complement - shift;
    if (shift > 0 && !(rest > 0)) return sum;
    const probability = p + shift;
    const logarithm = Math.log(probability);
    const cost = order === 0 ? -logarithm : -Math.expm1(order * logarithm) / order;
    const ratio = rest === 0 ? 1 : probability === 0 ? 0 : (probability * cost) / rest;
    const share = shift > 0 ? p / probability : 1;
    return sum + share * Math.abs(coefficient) * rest ** power * (probability ** order + power * ratio);
  }, 0);
}

interface Outcome {
  readonly probability: number;
  readonly complement: number;
}
