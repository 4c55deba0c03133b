import type { SurprisalStep, SurprisalTerm } from '../plan.js';
import { numberText, signedText } from './number-text.js';

/** Cross-entropy, which a plan without a surprisal step has. */
export const CROSS_ENTROPY: readonly SurprisalTerm[] = [{ coefficient: 1, power: 0, order: 0 }];

/** A surprisal that has a name, by its terms. */
interface NamedSurprisal {
  readonly name: (terms: readonly SurprisalTerm[]) => string;
  readonly matches: (terms: readonly SurprisalTerm[]) => boolean;
}

const isLogarithm = (term: SurprisalTerm | undefined): boolean => term?.power === 0 && term.order === 0;
const isLinear = (term: SurprisalTerm | undefined): boolean => term?.power === 0 && term.order === 1;

const NAMED: readonly NamedSurprisal[] = [
  { name: () => 'nothing', matches: ({ length }) => length === 0 },
  {
    name: () => 'cross-entropy',
    matches: ([term, ...rest]) => rest.length === 0 && term?.coefficient === 1 && isLogarithm(term),
  },
  {
    name: ([term]) => `focal, gamma ${numberText(term?.power ?? 0)}`,
    matches: ([term, ...rest]) => rest.length === 0 && term?.coefficient === 1 && term.order === 0,
  },
  {
    name: ([term]) => `generalized cross-entropy, q ${numberText(term?.order ?? 0)}`,
    matches: ([term, ...rest]) => rest.length === 0 && term?.coefficient === 1 && term.power === 0,
  },
  { name: () => 'symmetric cross-entropy', matches: isSymmetric },
  {
    name: ([, term]) => `poly-1, epsilon ${numberText(term?.coefficient ?? 0)}`,
    matches: ([term, other, ...rest]) => rest.length === 0 && isLogarithm(term) && isLinear(other),
  },
];

/** Whether cross-entropy and 1 - p are both weighted, as in symmetric cross-entropy; with the first at 1 it is poly-1. */
export function isSymmetric([term, other, ...rest]: readonly SurprisalTerm[]): boolean {
  const isUnshifted = (term?.shift ?? 0) === 0 && (other?.shift ?? 0) === 0;
  return rest.length === 0 && isLogarithm(term) && isLinear(other) && term?.coefficient !== 1 && isUnshifted;
}

/** Whether (1 - p)^a modulates any term. */
export function isModulated({ terms, negativeTerms }: SurprisalStep): boolean {
  return [...terms, ...(negativeTerms ?? [])].some(({ power }) => power > 0);
}

/** What a surprisal is called, and psi as a formula in p and l = log p. */
export function describeSurprisal(terms: readonly SurprisalTerm[]): string {
  const shifts = new Set(terms.map(({ shift = 0 }) => shift));
  const named = shifts.size > 1 ? undefined : NAMED.find(({ matches }) => matches(terms));
  const [shift = 0] = shifts;
  const shifted = named === undefined || shift === 0 ? '' : `, shifted by ${numberText(shift)}`;
  return `${named?.name(terms) ?? 'a sum of terms'}${shifted}, psi(l) = ${surprisalFormula(terms)}`;
}

function surprisalFormula(terms: readonly SurprisalTerm[]): string {
  const written = terms.map(termText).filter((text) => text !== '');
  return written.length === 0 ? '0' : written.join('').replace(/^ \+ /, '').replace(/^ - /, '-');
}

/** One term with its sign; the logarithm is negative, so that its sign turns. */
function termText({ coefficient, power, order, shift = 0 }: SurprisalTerm): string {
  if (coefficient === 0) return '';
  const p = shift === 0 ? 'p' : `min(p + ${numberText(shift)}, 1)`;
  const complement = `(1 - ${p})`;
  const modulation = [power === 0 ? '' : power === 1 ? complement : `${complement}^${numberText(power)}`];
  const logarithm = order === 0;
  const ofOrder = order === 1 ? complement : `(1 - ${p}^${numberText(order)}) / ${numberText(order)}`;
  const base = logarithm ? (shift === 0 ? 'l' : `log ${p}`) : ofOrder;
  const signed = signedText(logarithm ? -coefficient : coefficient);
  const factor = Math.abs(coefficient) === 1 ? signed.slice(0, 3) : `${signed} `;
  return factor + [...modulation, base].filter((text) => text !== '').join(' ');
}
