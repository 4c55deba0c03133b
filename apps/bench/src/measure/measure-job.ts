import { errorsOf, exactSample, meanError, type ExactSample } from './check-outputs.js';
import { makeInput, type Input } from './input.js';
import { faultOf } from './judge.js';
import { crossEntropyOf } from './cross-entropy.js';
import { measureAllocation } from './allocation.js';
import { measureErrors } from './measure-errors.js';
import { openVariant, type OpenVariant } from './open-variant.js';
import { calibrate, timeBlocks, warmUp, type Paced, type Timed } from './pace.js';
import type { Job, OutputErrors, Pace, ProcessReport, VariantReport } from './protocol.js';
import { MissingProgram } from './variant.js';

/** An output that is wrong: no time is worth anything then. */
export class WrongOutput extends Error {}

/** What a process offers besides JavaScript. */
export interface Surroundings {
  readonly note: (text: string) => void;
  readonly collectGarbage: () => void;
}

/** A variant that ran once and was right, with what is known of it so far. */
interface Checked {
  readonly open: OpenVariant;
  readonly facts: Omit<VariantReport, 'blocks' | 'allocatedBytes'>;
}

/** Measures a job in this process: checks every output, then warms up, then times in turn. */
export async function measureJob(job: Job, surroundings: Surroundings): Promise<ProcessReport> {
  return job.purpose === 'errors' ? measureErrors(job, surroundings.note) : measureTimes(job, surroundings);
}

async function measureTimes(job: Job, { note, collectGarbage }: Surroundings): Promise<ProcessReport> {
  const inputs = new Map(Object.entries(job.inputs).map(([name, spec]) => [name, makeInput(spec)]));
  const checkOutputs = outputChecker(job.seed);
  const outcomes: (Checked | VariantReport)[] = [];
  for (const spec of job.variants) {
    const input = inputs.get(spec.input);
    if (input === undefined) throw new RangeError(`job: "${spec.id}" expected one of the inputs, got '${spec.input}'`);
    note(`check ${spec.id}`);
    outcomes.push(await openAndCheck(spec, input, job, checkOutputs));
  }
  const checked = outcomes.filter((outcome): outcome is Checked => 'open' in outcome);
  try {
    const { settled, reports } = await timeAll(checked, job, { note, collectGarbage });
    const waiting = [...reports];
    return { settled, variants: outcomes.flatMap((each) => ('open' in each ? waiting.splice(0, 1) : [each])) };
  } finally {
    for (const { open } of checked) open.variant.close?.();
  }
}

async function timeAll(
  checked: readonly Checked[],
  { pace, seed }: Job,
  { note, collectGarbage }: Surroundings,
): Promise<{ readonly settled: boolean; readonly reports: readonly VariantReport[] }> {
  const timed = checked.map(({ open }) => open.variant);
  note('warm up');
  // Twice: what is compiled better in the meantime needs more calls for a batch.
  await warmUp(await paceOf(timed, pace), { ...pace, warmUpMilliseconds: pace.warmUpMilliseconds / 4 });
  const paced = await paceOf(timed, pace);
  const settled = await warmUp(paced, pace);
  note('time');
  const blocks = await timeBlocks(paced, { ...pace, seed, collectGarbage });
  const reports: VariantReport[] = [];
  for (const [index, { open, facts }] of checked.entries())
    reports.push({
      ...facts,
      blocks: blocks[index] ?? [],
      allocatedBytes: await measureAllocation(open.variant, collectGarbage),
    });
  return { settled, reports };
}

async function paceOf(timed: readonly Timed[], pace: Pace): Promise<Paced[]> {
  const paced: Paced[] = [];
  for (const each of timed) paced.push({ timed: each, batch: await calibrate(each, pace) });
  return paced;
}

type CheckOutputs = (
  open: OpenVariant,
) => Promise<{ readonly engines?: readonly string[]; readonly errors?: OutputErrors }>;

async function openAndCheck(
  spec: Job['variants'][number],
  input: Input,
  job: Job,
  checkOutputs: CheckOutputs,
): Promise<Checked | VariantReport> {
  const started = performance.now();
  const nothing = { blocks: [], loadNanoseconds: 0, firstCallNanoseconds: 0, allocatedBytes: 0, elements: 0 };
  try {
    const open = await openVariant(spec, input, job);
    const loadNanoseconds = (performance.now() - started) * 1e6;
    const firstCallNanoseconds = await open.variant.time(1);
    const { elements } = open.variant;
    return {
      open,
      facts: { id: spec.id, elements, loadNanoseconds, firstCallNanoseconds, ...(await checkOutputs(open)) },
    };
  } catch (error) {
    if (error instanceof MissingProgram) return { id: spec.id, missing: error.message, ...nothing };
    throw error;
  }
}

/** Compares outputs with exact results, which are computed once for each input and loss. */
function outputChecker(seed: number): CheckOutputs {
  const samples = new Map<string, ExactSample | undefined>();
  return async (open) => {
    const { spec, input, variant } = open;
    if (spec.program.kind === 'copy') return {};
    const loss = open.loss ?? crossEntropyOf(input);
    const key = `${spec.input} ${JSON.stringify(loss)}`;
    if (!samples.has(key)) samples.set(key, exactSample(loss, input, seed));
    const sample = samples.get(key);
    const outputs = await variant.outputs();
    if (sample === undefined) return outputs.engines === undefined ? {} : { engines: outputs.engines };
    const own = open.loss !== undefined;
    const rows = outputs.gradient === undefined ? input.spec.rows : outputs.gradient.length / input.spec.classes;
    const value = own || outputs.value === undefined ? null : meanError(outputs.value, input, rows);
    const errors = { ...errorsOf(outputs, sample, input), value };
    const fault = faultOf(open.loss, { spec, type: input.spec.type, engines: outputs.engines ?? [], errors });
    if (fault !== undefined) throw new WrongOutput(fault);
    return { errors, ...(outputs.engines && { engines: outputs.engines }) };
  };
}
