/**
 * Where these packages deliberately differ from a reference: inputs they refuse by documented rule, and quantities they
 * define otherwise. Each entry is keyed on what a case is, and a definition on each number that deviates, so that no
 * fault hides behind one.
 */
import type { Deviation } from './compare.js';
import type { LossCase } from './conformance-case.js';
import { rowAt, rowsOf } from './rows.js';

interface Refusal {
  readonly rule: string;
  readonly applies: (given: LossCase) => boolean;
}

/** Inputs that are an error in these packages whatever a reference makes of them. */
const refusals: readonly Refusal[] = [
  {
    rule: 'one class under softmax: the loss would always be 0',
    applies: ({ loss, inputs, classAxis = 0 }) => loss === 'categorical' && inputs.dims[classAxis] === 1,
  },
  {
    rule: 'a row of logits without a class: all are -Infinity',
    applies: (given) =>
      given.loss === 'categorical' &&
      rowsOf(given.inputs, given.classAxis).some((row) => row.every((z) => z === -Infinity)),
  },
  {
    rule: 'NaN among the inputs, or +Infinity where it has no meaning',
    applies: ({ loss, inputs }) =>
      inputs.data.some(
        (value) => Number.isNaN(value) || (value === Infinity && !(loss === 'binary' && inputs.kind === 'logits')),
      ),
  },
  {
    rule: 'probabilities outside [0, 1]',
    applies: ({ inputs }) => inputs.kind === 'probabilities' && inputs.data.some((p) => p < 0 || p > 1),
  },
  {
    rule: 'binary targets outside [0, 1]',
    applies: ({ loss, targets }) => loss === 'binary' && targets.data.some((y) => !(y >= 0 && y <= 1)),
  },
  {
    rule: 'negative weights',
    applies: ({ options: { classWeights, positiveWeights, sampleWeights } }) =>
      [classWeights, positiveWeights?.data, sampleWeights?.data].some((weights) =>
        weights?.some((weight) => weight < 0),
      ),
  },
];

/** What references define otherwise by intent: each number that deviates is explained, or the case restated holds. */
export type Definition = Explanation | Restatement;

interface Named {
  readonly name: string;
  readonly reason: string;
}

interface Explanation extends Named {
  readonly explains: (given: LossCase, deviation: Deviation) => boolean;
}

interface Restatement extends Named {
  /** The case in the terms of these packages, with the same results; undefined where it says the same already. */
  readonly restate: (given: LossCase) => LossCase | undefined;
}

export const definitions: readonly Definition[] = [
  {
    name: 'smoothing of targets that do not sum to one',
    reason:
      'references add smoothing / C to every class, these packages smoothing |u| / C; checked with the mass made up for',
    restate: makeUpMass,
  },
  {
    name: 'binary focal loss of targets between 0 and 1',
    reason:
      'references modulate by 1 - p_t with p_t = p y + (1 - p)(1 - y), these packages each outcome by its own 1 - p; the same at targets 0 and 1',
    explains: explainsSoftFocal,
  },
  {
    name: 'gradient of an empty mean',
    reason: 'a mean over nothing is NaN; its gradient is 0 here, NaN there',
    explains: ({ options, expected }, { quantity, actual, expected: wanted }) =>
      options.reduction === 'mean' &&
      quantity === 'gradient' &&
      expected.loss.data.every(Number.isNaN) &&
      Number.isNaN(wanted) &&
      actual === 0,
  },
];

/** The documented rule by which a case may be refused. */
export function refusalRule(given: LossCase): string | undefined {
  return refusals.find(({ applies }) => applies(given))?.rule;
}

/** The definition that accounts for all deviations of a case; `holds` runs a restated case. */
export function otherDefinition(
  given: LossCase,
  deviations: readonly Deviation[],
  holds: (restated: LossCase) => boolean,
): Definition | undefined {
  return definitions.find((definition) => {
    if ('explains' in definition) return deviations.every((deviation) => definition.explains(given, deviation));
    const restated = definition.restate(given);
    return restated !== undefined && holds(restated);
  });
}

/** Whether a number depends on a target between 0 and 1, given or made by smoothing, under a focal exponent. */
function explainsSoftFocal(given: LossCase, { quantity, position }: Deviation): boolean {
  const { loss, targets, options, rowMeans } = given;
  if (loss !== 'binary' || (options.focalGamma ?? 0) === 0) return false;
  if (options.labelSmoothing > 0) return true;
  const ofOne = position !== undefined && (quantity.endsWith('gradient') || !rowMeans);
  const concerned = ofOne ? targets.data.slice(position, position + 1) : targets.data;
  return concerned.some((target) => target !== 0 && target !== 1);
}

/**
 * With q = u + smoothing (1 - |u|) / C, our smoothing of q is the references' smoothing of u:
 * (1 - smoothing) q + smoothing |q| / C = (1 - smoothing) u + smoothing / C.
 */
function makeUpMass(given: LossCase): LossCase | undefined {
  const { classAxis, targets, options } = given;
  const { labelSmoothing: smoothing } = options;
  if (classAxis === undefined || targets.kind !== 'probabilities' || smoothing === 0) return undefined;
  const missing = rowsOf(targets, classAxis).map((row) => row.reduce((rest, mass) => rest - mass, 1) / row.length);
  const data = targets.data.map(
    (mass, position) => mass + smoothing * (missing[rowAt(targets, classAxis, position)] ?? NaN),
  );
  return { ...given, targets: { ...targets, data } };
}
