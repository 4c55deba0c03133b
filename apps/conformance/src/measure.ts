/** Runs a case of an information measure: of every row, or of a table. */
import type { InputKind } from '@surprisal/core';
import {
  conditionalCrossEntropy,
  conditionalEntropy,
  crossEntropy,
  entropy,
  generalizedKlDivergence,
  jensenShannonDivergence,
  jointEntropy,
  klDivergence,
  mutualInformation,
} from '@surprisal/information';
import { inPrecision } from './call.js';
import { compare, type Comparison } from './compare.js';
import type { MeasureCase, MeasureInput, Precision, Reference } from './conformance-case.js';
import { MalformedCase } from './read-json.js';
import { rowsOf } from './rows.js';

/** Measures of one row, or of two: p are the targets, q the inputs. */
const ofRows = ['entropy', 'crossEntropy', 'klDivergence', 'jensenShannon'] as const;
/** Measures of a table, rows by columns. */
const ofTables = ['jointEntropy', 'conditionalEntropy', 'mutualInformation'] as const;

export type MeasureName = (typeof ofRows)[number] | (typeof ofTables)[number];

/** Names that a case may give. */
export const measureNames: readonly unknown[] = [...ofRows, ...ofTables];

const inputNames = {
  logits: 'logits',
  probabilities: 'probabilities',
  logProbabilities: 'log-probabilities',
} as const satisfies Record<string, InputKind>;

/** Values of the case against what it expects, and against its exact values where it has them. */
export function evaluateMeasure(given: MeasureCase): readonly Comparison[] {
  const checks: readonly (readonly [string, Precision, Reference | undefined])[] = [
    ['loss', given.precision, given.matchesExactMath || given.exact === undefined ? given.expected : undefined],
    ['exact loss', 'float64', given.exact],
  ];
  return checks.flatMap(([quantity, precision, reference]) => {
    if (reference === undefined) return [];
    const values = reduced(given, measured(given, precision));
    const subject = { quantity, tolerance: given.tolerance, precision, mayFlush: false };
    return [compare(values, reference.loss.data, subject)];
  });
}

function measured(given: MeasureCase, precision: Precision): readonly number[] {
  if ((ofTables as readonly string[]).includes(given.measure)) return [ofTable(given, precision)];
  const rows = ({ dims, data }: MeasureInput): readonly (readonly number[])[] =>
    rowsOf({ dims, data: Float64Array.from(inPrecision(data, precision)) }, given.classAxis);
  const targets = given.targets && rows(given.targets);
  return rows(given.inputs).map((row, index) => ofRow(given, row, targets?.[index]));
}

function ofRow(given: MeasureCase, row: readonly number[], target: readonly number[] | undefined): number {
  const { measure, base, inputs, targets, generalized } = given;
  const common = base === undefined ? {} : { base };
  const kinds = { p: inputNames[(targets ?? inputs).kind], q: inputNames[inputs.kind] };
  if (measure === 'entropy') return entropy(row, { ...common, input: kinds.q, ...massesOf(kinds.q, row) });
  if (target === undefined) throw new MalformedCase(`targets: ${measure} wants two distributions`);
  if (measure === 'jensenShannon') return jensenShannonDivergence(target, row, { ...common, input: kinds });
  if (generalized) return generalizedKlDivergence(target, row, { ...common, input: kinds });
  const options = { ...common, input: kinds, ...massesOf(kinds.p, target), ...massesOf(kinds.q, row) };
  return measure === 'crossEntropy' ? crossEntropy(target, row, options) : klDivergence(target, row, options);
}

function ofTable({ measure, base, inputs, targets }: MeasureCase, precision: Precision): number {
  const table = ({ dims, data }: MeasureInput): { data: Float64Array; dims: readonly number[] } => ({
    data: Float64Array.from(inPrecision(data, precision)),
    dims,
  });
  const options = base === undefined ? {} : { base };
  if (measure === 'jointEntropy') return jointEntropy(table(inputs), options);
  if (measure === 'mutualInformation') return mutualInformation(table(inputs), options);
  return targets === undefined
    ? conditionalEntropy(table(inputs), options)
    : conditionalCrossEntropy(table(targets), table(inputs), options);
}

/** Rows that do not sum to one are passed with `unnormalized: true`, other rows without. */
function massesOf(kind: InputKind, row: readonly number[]): { readonly unnormalized?: true } {
  if (kind === 'logits') return {};
  const sum = row.reduce((total, value) => total + (kind === 'probabilities' ? value : Math.exp(value)), 0);
  return Math.abs(sum - 1) > 1e-6 ? { unnormalized: true } : {};
}

function reduced({ sampleWeights, reduction }: MeasureCase, values: readonly number[]): readonly number[] {
  const weighted = values.map(
    (value, index) => value * (sampleWeights === undefined ? 1 : weightAt(sampleWeights, index)),
  );
  if (reduction === 'none') return weighted;
  const sum = weighted.reduce((total, value) => total + value, 0);
  return [reduction === 'sum' ? sum : sum / weighted.length];
}

function weightAt(weights: Float64Array, index: number): number {
  return weights[weights.length === 1 ? 0 : index] ?? NaN;
}
