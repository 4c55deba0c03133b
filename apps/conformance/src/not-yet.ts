/** What a case asks for that the packages, or this program, do not have: named, and looked at before all else. */
import { generatorNames } from './generators.js';
import { measureNames } from './measure.js';
import { readFields, readOptional, type Fields } from './read-json.js';

const losses: readonly unknown[] = ['binary', 'categorical', 'classWeights', 'sampleWeights'];

/** Values each member may have; absent and null always may be. */
const known: Readonly<Record<string, readonly unknown[]>> = {
  precision: ['float32', 'float64'],
  'inputs.kind': ['logits', 'probabilities', 'logProbabilities'],
  'targets.kind': ['indices', 'probabilities'],
  'inputs.generator.name': generatorNames,
  'targets.generator.name': generatorNames,
  'options.reduction': ['none', 'sum', 'mean'],
  'options.meanDenominator': ['count', 'weightSum', 'nonzeroWeightCount', 'countIncludingIgnored'],
  'options.mode': ['balanced'],
  'referenceOptions.rowReduction': ['mean'],
};

const knownOfMeasures: typeof known = {
  ...known,
  'targets.kind': ['logits', 'probabilities', 'logProbabilities'],
  'options.meanDenominator': ['count'],
};

const supportedOptions: ReadonlySet<string> = new Set([
  'classWeights',
  'positiveWeights',
  'sampleWeights',
  'ignoreIndex',
  'labelSmoothing',
  'focalGamma',
  'focalAlpha',
  'polyEpsilon',
  'reduction',
  'meanDenominator',
  'mode',
  'formula',
]);

const measureOptions: ReadonlySet<string> = new Set([
  'base',
  'generalized',
  'sampleWeights',
  'reduction',
  'meanDenominator',
]);

/** Name of the first thing missing, or undefined when nothing is. */
export function notYet(fields: Fields): string | undefined {
  const { loss, options } = fields;
  if (measureNames.includes(loss)) return missingInMeasure(fields);
  if (!losses.includes(loss)) return typeof loss === 'string' ? loss : undefined;
  return (
    missingOption(readOptional(options, (value) => readFields(value, 'options')) ?? {}, loss) ?? missingValue(fields)
  );
}

/** A measure takes both its distributions in any form, and few options. */
function missingInMeasure(fields: Fields): string | undefined {
  const options = readOptional(fields['options'], (value) => readFields(value, 'options')) ?? {};
  // Options of losses that are off stand in some cases of measures too.
  const isOn = (name: string): boolean => isActive(options[name]) && options[name] !== 0;
  const option = Object.keys(options).find((name) => !measureOptions.has(name) && isOn(name));
  return option ?? missingAmong(knownOfMeasures, fields);
}

function missingOption(options: Fields, loss: unknown): string | undefined {
  if (loss === 'categorical' && isGiven(options['positiveWeights'])) return 'positiveWeights of classes';
  return Object.keys(options).find((option) => !supportedOptions.has(option) && isActive(options[option]));
}

function isActive(value: unknown): boolean {
  return isGiven(value) && value !== false;
}

function missingValue(fields: Fields): string | undefined {
  return missingAmong(known, fields);
}

function missingAmong(allowed: typeof known, fields: Fields): string | undefined {
  for (const [path, values] of Object.entries(allowed)) {
    const value = valueAt(fields, path);
    if (isGiven(value) && !values.includes(value)) return `${path} ${JSON.stringify(value)}`;
  }
  return undefined;
}

function valueAt(fields: Fields, path: string): unknown {
  return path.split('.').reduce<unknown>((value, member) => (isObject(value) ? value[member] : undefined), fields);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
