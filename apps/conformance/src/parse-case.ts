/** Reads one case of the format; throws MalformedCase where it does not follow it. */
import type {
  CaseOptions,
  GradientSamples,
  InputKind,
  LossCase,
  MeasureCase,
  MeanDenominator,
  Precision,
  Reduction,
  Reference,
  TargetKind,
  Tolerance,
  WeightsCase,
} from './conformance-case.js';
import {
  MalformedCase,
  readFields,
  readIntegers,
  readNumber,
  readNumbers,
  readOptional,
  readString,
  readValues,
  type Fields,
  type Values,
} from './read-json.js';
import { readTensor } from './read-tensor.js';

/** A case of a loss, of values that `notYet` has let through. */
export function parseLossCase(fields: Fields, source: string): LossCase {
  const { inputs, targets, options, expected, tolerance, exact, inputsNormalized, referenceOptions } = fields;
  const loss = readString(fields['loss'], 'loss') as LossCase['loss'];
  const inputFields = readFields(inputs, 'inputs');
  const inputValues = readTensor(inputFields, 'inputs');
  const classAxis = loss === 'categorical' ? readAxis(fields['classAxis'], inputValues) : undefined;
  const classes = classAxis === undefined ? 2 : inputValues.dims[classAxis];
  const targetFields = readFields(targets, 'targets');
  const tags = readTags(fields['tags']);
  return {
    id: readString(fields['id'], 'id'),
    source: `${source} ${readOptional(fields['caseSource'], (value) => readString(value, 'caseSource')) ?? ''}`,
    loss,
    precision: (fields['precision'] ?? 'float64') as Precision,
    inputs: { ...inputValues, kind: readString(inputFields['kind'], 'inputs.kind') as InputKind },
    inputsNormalized:
      fields['matchesExactMathAfterNormalization'] === true
        ? readOptional(inputsNormalized, (value) => readValues(value, 'inputsNormalized'))
        : undefined,
    classAxis,
    targets: {
      ...readTensor(targetFields, 'targets', classes),
      kind: readString(targetFields['kind'], 'targets.kind') as TargetKind,
    },
    options: readOptions(readFields(options ?? {}, 'options')),
    expected: readReference(expected, 'expected'),
    exact: readOptional(exact, (value) => readReference(value, 'exact')),
    matchesExactMath: fields['matchesExactMath'] !== false,
    rowMeans: readFields(referenceOptions ?? {}, 'referenceOptions')['rowReduction'] === 'mean',
    tolerances: readTolerances(readFields(tolerance, 'tolerance'), tags),
    policy: tags.includes('policy'),
  };
}

/** A case of an information measure. */
export function parseMeasureCase(fields: Fields): MeasureCase {
  const { inputs, targets, options, expected, exact, tolerance } = fields;
  const input = (value: unknown, name: string): MeasureCase['inputs'] => {
    const given = readFields(value, name);
    return { ...readTensor(given, name), kind: readString(given['kind'], `${name}.kind`) as InputKind };
  };
  const { base, generalized, sampleWeights, reduction } = readFields(options ?? {}, 'options');
  const inputValues = input(inputs, 'inputs');
  const tags = readTags(fields['tags']);
  return {
    id: readString(fields['id'], 'id'),
    measure: readString(fields['loss'], 'loss') as MeasureCase['measure'],
    precision: (fields['precision'] ?? 'float64') as Precision,
    inputs: inputValues,
    targets: readOptional(targets, (value) => input(value, 'targets')),
    classAxis: readAxis(fields['classAxis'], inputValues),
    base: base === 'e' ? undefined : readOptional(base, (value) => readNumber(value, 'options.base')),
    generalized: generalized === true,
    sampleWeights: readOptional(sampleWeights, (value) => readLoose(value, 'options.sampleWeights').data),
    reduction: (reduction ?? 'mean') as Reduction,
    expected: readReference(expected, 'expected'),
    exact: readOptional(exact, (value) => readReference(value, 'exact')),
    matchesExactMath: fields['matchesExactMath'] !== false,
    tolerance: readTolerances(readFields(tolerance, 'tolerance'), tags).loss,
    policy: tags.includes('policy'),
  };
}

/** A case of balanced weights. */
export function parseWeightsCase(fields: Fields): WeightsCase {
  const { targets, classes, expected, tolerance } = fields;
  const tags = readTags(fields['tags']);
  return {
    id: readString(fields['id'], 'id'),
    loss: readString(fields['loss'], 'loss') as WeightsCase['loss'],
    labels: readIntegers(readFields(targets, 'targets')['data'], 'targets.data'),
    classes: readIntegers(classes, 'classes'),
    expected: readNumbers(readFields(expected, 'expected')['weights'], 'expected.weights'),
    tolerance: readTolerances(readFields(tolerance, 'tolerance'), tags).loss,
    policy: tags.includes('policy'),
  };
}

function readAxis(value: unknown, { dims }: Values): number {
  const axis = readOptional(value, (given) => readNumber(given, 'classAxis')) ?? dims.length - 1;
  if (dims[axis] === undefined) throw new MalformedCase(`classAxis: the inputs have no axis ${axis}`);
  return axis;
}

function readOptions(options: Fields): CaseOptions {
  const { classWeights, positiveWeights, sampleWeights, ignoreIndex, labelSmoothing } = options;
  const number = (name: string): number | undefined =>
    readOptional(options[name], (value) => readNumber(value, `options.${name}`));
  return {
    classWeights: readOptional(classWeights, (value) => readNumbers(value, 'options.classWeights')),
    positiveWeights: readOptional(positiveWeights, (value) => readLoose(value, 'options.positiveWeights')),
    sampleWeights: readOptional(sampleWeights, (value) => readLoose(value, 'options.sampleWeights')),
    ignoreIndex: readOptional(ignoreIndex, (value) => readIntegers([value].flat(), 'options.ignoreIndex')),
    labelSmoothing: readOptional(labelSmoothing, (value) => readNumber(value, 'options.labelSmoothing')) ?? 0,
    focalGamma: number('focalGamma'),
    focalAlpha: number('focalAlpha'),
    polyEpsilon: number('polyEpsilon'),
    reduction: (options['reduction'] ?? 'mean') as Reduction,
    meanDenominator: (options['meanDenominator'] ?? 'count') as MeanDenominator,
  };
}

/** A number, a list of numbers, or numbers with their shape. */
function readLoose(value: unknown, name: string): Values {
  if (Array.isArray(value)) return { dims: [value.length], data: readNumbers(value, name) };
  if (typeof value === 'object') return readValues(value, name);
  return { dims: [], data: Float64Array.of(readNumber(value, name)) };
}

function readReference(value: unknown, name: string): Reference {
  const { loss, gradient, gradientSamples, gradientAbsSum } = readFields(value, name);
  if (loss === undefined || loss === null)
    throw new MalformedCase(`${name}.loss: expected a number or numbers, got none`);
  return {
    loss: readLoose(loss, `${name}.loss`),
    gradient: readOptional(gradient, (given) => readLoose(given, `${name}.gradient`)),
    gradientSamples: readOptional(gradientSamples, (given) => readSamples(given, `${name}.gradientSamples`)),
    gradientAbsSum: readOptional(gradientAbsSum, (given) => readNumber(given, `${name}.gradientAbsSum`)),
  };
}

function readSamples(value: unknown, name: string): GradientSamples {
  const fields = readFields(value, name);
  const indices = readIntegers(fields['indices'], `${name}.indices`);
  const values = readNumbers(fields['values'], `${name}.values`);
  if (indices.length === values.length) return { indices, values };
  throw new MalformedCase(`${name}: ${indices.length} indices, ${values.length} values`);
}

/** The tighter tolerance, where the case suggests one. For an ill-conditioned case only the absolute one counts. */
function readTolerances(fields: Fields, tags: readonly string[]): LossCase['tolerances'] {
  const number = (...members: string[]): number => {
    const member = members.find((name) => fields[name] !== undefined && fields[name] !== null) ?? '';
    return readNumber(fields[member], `tolerance.${member === '' ? members.at(-1) : member}`);
  };
  const tolerance = (relative: number, absolute: number, ulps: string): Tolerance => ({
    relative: tags.includes('ill-conditioned') ? 0 : relative,
    absolute,
    inUlps: typeof fields[ulps] === 'number',
  });
  return {
    loss: tolerance(number('suggestedRtol', 'rtol'), number('suggestedAtol', 'atol'), 'lossUlp'),
    gradient: tolerance(
      number('gradientRtol', 'suggestedRtol', 'rtol'),
      number('gradientAtol', 'suggestedAtol', 'atol'),
      'gradientUlp',
    ),
  };
}

function readTags(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new MalformedCase('tags: expected a list');
  return value.map((tag: unknown) => readString(tag, 'tags'));
}
