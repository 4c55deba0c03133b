/** What is compared for a case: which inputs, in which precision, with which reference. */
import type { LossCase, Precision, Reference } from './conformance-case.js';
import type { Values } from './read-json.js';

export interface Check {
  readonly name: 'expected' | 'exact';
  readonly inputs: Values;
  readonly precision: Precision;
  readonly reference: Reference;
}

/**
 * A case is compared with what its reference returns and, where it has them, with the mathematical values. A reference
 * that deviates from the mathematics counts only where the case says how to follow it: with inputs divided by their
 * row sums. Mathematical values belong to the numbers as they are written, so that they are compared in float64.
 */
export function checksOf(given: LossCase): readonly Check[] {
  const { inputs, inputsNormalized, precision, expected, exact, matchesExactMath } = given;
  const checks: Check[] = [];
  if (matchesExactMath || inputsNormalized !== undefined || exact === undefined) {
    checks.push({ name: 'expected', inputs: inputsNormalized ?? inputs, precision, reference: expected });
  }
  if (exact !== undefined) checks.push({ name: 'exact', inputs, precision: 'float64', reference: exact });
  return checks;
}
