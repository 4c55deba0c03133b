/** Runs one case and says what came of it; never throws. */
import { evaluateWeights } from './balance.js';
import { checksOf } from './check.js';
import { inWords, type Comparison, type Deviation } from './compare.js';
import type { LossCase } from './conformance-case.js';
import { otherDefinition, refusalRule, type Definition } from './definitions.js';
import { evaluateCheck } from './evaluate.js';
import { evaluateMeasure, measureNames } from './measure.js';
import { notYet } from './not-yet.js';
import { parseLossCase, parseMeasureCase, parseWeightsCase } from './parse-case.js';
import { MalformedCase, readFields, readString, type Fields } from './read-json.js';

export type Status = 'passed' | 'failed' | 'refused' | 'other definition' | 'not yet';

export interface Outcome {
  readonly id: string;
  readonly status: Status;
  /** Name of the other definition, of the rule of a refusal, or of what is missing. */
  readonly name?: string;
  readonly reason?: string;
  /** Of all comparisons: the largest error as a multiple of the allowed one, absent where nothing was compared. */
  readonly share?: number;
  /** Largest errors in units in the last place, where the case states its tolerance in them. */
  readonly ulps?: { readonly loss?: number | undefined; readonly gradient?: number | undefined };
}

export interface Settings {
  /** Where the numbers of the file come from. */
  readonly source: string;
  /** Name of the engine to use instead of the automatic choice. */
  readonly engine?: string | undefined;
}

/** Runs the case at a position of its file. */
export function runCase(value: unknown, position: number, settings: Settings): Outcome {
  const id = idOf(value, position);
  try {
    return { id, ...run(readFields(value, 'case'), settings) };
  } catch (error) {
    return {
      id,
      status: 'failed',
      reason: `${error instanceof MalformedCase ? 'malformed: ' : ''}${messageOf(error)}`,
    };
  }
}

type Verdict = Omit<Outcome, 'id'>;

/** How the packages refuse: `categorical-cross-entropy: "targets[0]" expected …`. */
const refusal = /^[\w-]+: "[^"]+" expected /;

const byTag = 'the case leaves it to the library';

function run(fields: Fields, { source, engine }: Settings): Verdict {
  readString(fields['id'], 'id');
  const missing = notYet(fields);
  if (missing !== undefined) return { status: 'not yet', name: missing };
  const { loss } = fields;
  if (loss === 'classWeights' || loss === 'sampleWeights') {
    const given = parseWeightsCase(fields);
    return runPlainCase(given, () => evaluateWeights(given));
  }
  if (measureNames.includes(loss)) {
    const given = parseMeasureCase(fields);
    return runPlainCase(given, () => evaluateMeasure(given));
  }
  return runLossCase(parseLossCase(fields, source), engine);
}

/** A case without other definitions: weights, information measures. */
function runPlainCase({ policy }: { readonly policy: boolean }, evaluate: () => readonly Comparison[]): Verdict {
  try {
    return judge(evaluate(), () => undefined);
  } catch (error) {
    return judgeThrown(error, policy ? byTag : undefined);
  }
}

function runLossCase(given: LossCase, engine: string | undefined): Verdict {
  try {
    const compareCase = (subject: LossCase): readonly Comparison[] =>
      checksOf(subject).flatMap((check) => evaluateCheck(subject, check, engine));
    const holds = (restated: LossCase): boolean => deviationsOf(compareCase(restated)).length === 0;
    return judge(compareCase(given), (deviations) => otherDefinition(given, deviations, holds));
  } catch (error) {
    return judgeThrown(error, given.policy ? byTag : refusalRule(given));
  }
}

type Define = (deviations: readonly Deviation[]) => Definition | undefined;

function judge(comparisons: readonly Comparison[], define: Define): Verdict {
  const deviations = deviationsOf(comparisons);
  const measured = measure(comparisons);
  const [first] = deviations;
  if (first === undefined) return { status: 'passed', ...measured };
  const worst = deviations.reduce((a, b) => (b.share > a.share ? b : a), first);
  const reason = inWords(worst) + (deviations.length > 1 ? `, and ${deviations.length - 1} more` : '');
  const definition = define(deviations);
  if (definition) return { status: 'other definition', name: definition.name, reason, ...measured };
  return { status: 'failed', reason, ...measured };
}

function deviationsOf(comparisons: readonly Comparison[]): readonly Deviation[] {
  return comparisons.flatMap((comparison) => comparison.deviations);
}

/** A refusal names its argument, and a rule allows it; anything else thrown is a failure. */
function judgeThrown(error: unknown, rule: string | undefined): Verdict {
  const reason = messageOf(error);
  const isRefusal = (error instanceof RangeError || error instanceof TypeError) && refusal.test(reason);
  if (!isRefusal || rule === undefined) throw error;
  return { status: 'refused', name: rule, reason };
}

function measure(comparisons: readonly Comparison[]): Pick<Outcome, 'share' | 'ulps'> {
  const ulps = (part: string): number | undefined => {
    const known = comparisons
      .filter(({ quantity }) => quantity.includes(part))
      .flatMap((comparison) => comparison.ulps ?? []);
    return known.length === 0 ? undefined : Math.max(...known);
  };
  return {
    share: Math.max(0, ...comparisons.map(({ share }) => share)),
    ulps: { loss: ulps('loss'), gradient: ulps('gradient') },
  };
}

function idOf(value: unknown, position: number): string {
  const id: unknown = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  return typeof id === 'string' && id !== '' ? id : `case ${position}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
