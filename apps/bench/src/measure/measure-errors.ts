import { ulpsBetweenPairs, ulpsOfScalePairs } from '@surprisal/reference';
import { crossEntropyOf } from './cross-entropy.js';
import { distribution, type Compared } from './error-distribution.js';
import { exactRows, type ExactPairs } from './exact-rows.js';
import { bucketOf, makeInput, type FloatArray, type Input } from './input.js';
import { openVariant } from './open-variant.js';
import type { Job, MarginSource, ProcessReport, VariantReport, VariantSpec } from './protocol.js';
import { MissingProgram, type Outputs } from './variant.js';

/** Compares every row of every variant with exact results, and says how the errors lie by margin. */
export async function measureErrors(job: Job, note: (text: string) => void): Promise<ProcessReport> {
  const inputs = new Map(Object.entries(job.inputs).map(([name, spec]) => [name, makeInput(spec)]));
  const exactOf = exactByLoss();
  const variants: VariantReport[] = [];
  for (const spec of job.variants) {
    const input = inputs.get(spec.input);
    if (input === undefined) throw new RangeError(`job: "${spec.id}" expected one of the inputs, got '${spec.input}'`);
    note(`compare ${spec.id}`);
    variants.push(await errorsOfVariant(spec, input, job, exactOf));
  }
  return { settled: true, variants };
}

type ExactOf = (open: Awaited<ReturnType<typeof openVariant>>) => readonly ExactPairs[] | undefined;

/** Exact results of all rows, made once for each loss and input. */
function exactByLoss(): ExactOf {
  const made = new Map<string, readonly ExactPairs[] | undefined>();
  return ({ loss, spec, input }) => {
    const of = loss ?? crossEntropyOf(input);
    const key = `${spec.input} ${JSON.stringify(of)}`;
    if (!made.has(key)) made.set(key, allRows(exactRows(of)?.ofRow, input));
    return made.get(key);
  };
}

function allRows(
  ofRow: ((logits: FloatArray, label: number) => ExactPairs) | undefined,
  input: Input,
): readonly ExactPairs[] | undefined {
  const { classes } = input.spec;
  return (
    ofRow &&
    Array.from(input.labels, (label, row) => ofRow(input.logits.subarray(row * classes, (row + 1) * classes), label))
  );
}

async function errorsOfVariant(spec: VariantSpec, input: Input, job: Job, exactOf: ExactOf): Promise<VariantReport> {
  const nothing = {
    blocks: [],
    loadNanoseconds: 0,
    firstCallNanoseconds: 0,
    allocatedBytes: 0,
    elements: input.logits.length,
  };
  try {
    const open = await openVariant(spec, input, job);
    const exact = exactOf(open);
    const outputs = await open.variant.outputs();
    open.variant.close?.();
    const { engines } = outputs;
    const known = { id: spec.id, ...nothing, ...(engines && { engines }) };
    return exact === undefined ? known : { ...known, distributions: distributionsOf(outputs, exact, input) };
  } catch (error) {
    if (error instanceof MissingProgram) return { id: spec.id, missing: error.message, ...nothing };
    throw error;
  }
}

function distributionsOf(
  outputs: Outputs,
  exact: readonly ExactPairs[],
  input: Input,
): NonNullable<VariantReport['distributions']> {
  const { losses, gradient } = outputs;
  return {
    ...(losses && { value: byBucket(exact, input, (row, of) => comparedLoss(losses, row, of, input)) }),
    ...(gradient && {
      gradient: byBucket(exact, input, (row, of) => comparedGradient(outputs, gradient, row, of, input)),
    }),
  };
}

function byBucket(
  exact: readonly ExactPairs[],
  input: Input,
  compare: (row: number, of: ExactPairs) => readonly Compared[],
): ReturnType<typeof distribution>[] {
  const { rows, source, classes } = input.spec;
  const { edges } = source as MarginSource;
  const buckets = edges.slice(1).map((high, index) => ({ low: edges[index] ?? NaN, high, compared: [] as Compared[] }));
  for (const [row, of] of exact.entries()) buckets[bucketOf(row, rows, edges)]?.compared.push(...compare(row, of));
  return buckets.map(({ low, high, compared }) =>
    distribution(
      { low, high },
      compared,
      (row) => input.logits.subarray(row * classes, (row + 1) * classes),
      input.spec.type,
    ),
  );
}

function comparedLoss(losses: FloatArray, row: number, { loss }: ExactPairs, { spec: { type } }: Input): Compared[] {
  const actual = losses[row] ?? NaN;
  return [{ row, actual, exact: loss[0], error: ulpsBetweenPairs(actual, ...loss, type) }];
}

function comparedGradient(
  { denominator }: Outputs,
  gradient: FloatArray,
  row: number,
  { gradientHigh, gradientLow, scale }: ExactPairs,
  { spec: { type, classes } }: Input,
): Compared[] {
  return Array.from({ length: classes }, (_, c) => {
    const actual = gradient[row * classes + c] ?? NaN;
    const [high = NaN, low = NaN, unit = NaN] = [gradientHigh[c], gradientLow[c], scale[c]].map(
      (part) => (part ?? NaN) / denominator,
    );
    return { row, actual, exact: high, error: ulpsOfScalePairs(actual, high, low, unit, type) };
  });
}
