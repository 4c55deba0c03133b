import type { Call } from '../call.js';
import { openCall, type EvaluatedLoss } from '../evaluate.js';
import { readLoss } from '../explain/read-loss.js';
import { NO_OUTPUTS } from '../extras/extra-options.js';
import type { CallOptions, Loss, Logits, Targets } from '../loss.js';
import { evaluatedLoss } from '../prepare-call.js';
import { refusedFinding } from './describe-refusal.js';
import { findBadLabels } from './find-bad-labels.js';
import { findBadRows } from './find-bad-rows.js';
import { findGivenProbabilities } from './find-given-probabilities.js';
import { findOneClass } from './find-one-class.js';
import { findSaturated } from './find-saturated.js';
import { findWrongOptimum } from './find-wrong-optimum.js';
import type { Finding } from './finding.js';

/**
 * Looks at a loss and at the data of a call for what usually goes wrong in training and evaluation, and says what it is,
 * where, and what to do: one class under softmax, logits that are already probabilities, labels out of range, classes
 * that no row has, targets that do not sum to one, weights that make a wrong class the best, rows without gradient.
 *
 * Bad data does not make it throw: what the call itself would refuse becomes a finding. It reads all rows, some of them
 * several times; it is made for a look at the first batch, not for every step.
 *
 * @param callOptions the options of the call; outputs are left alone.
 * @returns the findings, errors first; none for data that look right.
 * @throws TypeError for something that is not a loss.
 *
 * @example
 * diagnose(categoricalCrossEntropy(), [[0.2, 0.8], [0.6, 0.4]], [1, 2]).map(({ code }) => code);
 * // ['label-out-of-range', 'already-probabilities']
 */
export function diagnose(
  loss: Loss,
  logits: Logits,
  targets: Targets,
  callOptions: CallOptions = {},
): readonly Finding[] {
  const evaluated = evaluatedLoss(readLoss(loss, 'diagnose'));
  const findings = findingsOf(loss, evaluated, logits, targets, withoutOutputs(callOptions));
  const errors = findings.filter(({ severity }) => severity === 'error');
  return [...errors, ...findings.filter(({ severity }) => severity !== 'error')];
}

function findingsOf(
  loss: Loss,
  evaluated: EvaluatedLoss,
  logits: Logits,
  targets: Targets,
  options: CallOptions,
): readonly Finding[] {
  const optimum = findWrongOptimum(loss, options);
  let call: Call;
  try {
    ({ call } = openCall(evaluated, logits, targets, options));
  } catch (error) {
    return [findOneClass(loss, logits, options) ?? refusedFinding(error), ...optimum];
  }
  const bad = call.targets.kind === 'labels' ? findBadLabels(call) : findBadRows(call);
  const given = findGivenProbabilities(loss, call, logits, options);
  const broken = bad.some(({ severity }) => severity === 'error');
  const computed = broken ? [] : findSaturated(loss, call, logits, targets, options);
  return [...bad, ...given, ...computed, ...optimum];
}

/** Nothing of the caller's is written. Options that are no object stay what the call refuses. */
function withoutOutputs(options: CallOptions): CallOptions {
  return typeof options === 'object' ? { ...options, ...NO_OUTPUTS } : options;
}
