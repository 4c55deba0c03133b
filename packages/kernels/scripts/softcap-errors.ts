/**
 * Searches for the largest errors of the SIMD engines after a softcap: random rows of all kinds, hard labels and target rows, several
 * caps, against decimal.js. Prints, of each engine and cap, the errors of loss and gradient in units in the last place with the
 * seeds of their rows, and how many elements of the gradient are off by more than 2.5 units.
 *
 *     pnpm build && node packages/kernels/scripts/softcap-errors.ts <seconds> [first seed]
 */
import type { LogitStep } from '@surprisal/core';
import { softmaxLink } from '@surprisal/kernels/softmax';
import { randomNumbers, randomRows, ulpsBetween, ulpsOfScale, type RandomNumbers } from '@surprisal/reference';
import { exactPlanRow, exactSteps } from '../src/testing/exact-plan-row.ts';
import { LABEL_MEASURE, runEngine } from '../src/testing/run-engine.ts';

interface Row {
  readonly z: Float32Array;
  readonly label: number;
  /** Target masses; absent: one at the label. */
  readonly rows?: Float32Array;
  readonly logitSteps: readonly LogitStep[];
}

interface Worst {
  loss: number;
  gradient: number;
  seeds: [number, number];
  elements: number;
  beyond: number;
}

const CAPS = [2.5, 5, 30, 30, 50, 100, 1000];
const engines = softmaxLink.engines.filter(({ name }) => name !== 'typescript');

/** Rows of every gap and offset, and of normal and two-valued logits, where most of them meet the cap. */
function* rowsOf(seed: number): Generator<Row> {
  const random = randomNumbers(2 ** 32 + seed);
  for (const { logits, label } of randomRows({ seed, logits: 100, type: 'float32', classes: [2, 40] }))
    yield withPlan(Float32Array.from(logits), label, random);
  const classes = 2 + random.below(38);
  const spread = random.pick([1, 3, 8, 12, 20, 60]);
  const normal = (): number => spread * random.normal();
  const offset = random.pick([0, 0, 10, -10, 25, -40]);
  const [one, other] = [normal(), normal()];
  const label = random.below(classes);
  yield withPlan(
    Float32Array.from({ length: classes }, () => offset + normal()),
    label,
    random,
  );
  yield withPlan(
    Float32Array.from({ length: classes }, () => random.pick([one, other])),
    label,
    random,
  );
}

function withPlan(z: Float32Array, label: number, random: RandomNumbers): Row {
  const cap: LogitStep = { kind: 'softcap', cap: random.pick(CAPS) };
  const scale = 0.5 + random.uniform();
  const logitSteps: LogitStep[] = random.below(4) > 0 ? [cap] : [{ kind: 'affine', scale }, cap];
  if (random.below(3) > 0) return { z, label, logitSteps };
  return { z, label, rows: z.map((value) => (value === -Infinity ? 0 : random.uniform() ** 3)), logitSteps };
}

function measure(worst: Map<string, Worst>, { z, label, rows, logitSteps }: Row, seed: number): void {
  const u = rows ?? z.map((_, c) => Number(c === label));
  const exact = exactPlanRow(z, u, { logitSteps }, label);
  const slopes = exactSteps(z, logitSteps, label).map(({ slope }) => slope);
  const cap = logitSteps.map((step) => (step.kind === 'softcap' ? String(step.cap) : '')).join('');
  const plan = rows === undefined ? { labelMeasure: LABEL_MEASURE, logitSteps } : { logitSteps };
  const targets = rows === undefined ? { labels: [label] } : { labels: [], rows };
  for (const engine of engines) {
    const layout = { rows: 1, classes: z.length, inner: 1 };
    const { losses, gradient } = runEngine({ engine, logits: z, layout, plan, ...targets });
    // A target row's gradient is a difference of |u| p and u.
    const errors = exact.gradient.map((value, c) =>
      rows === undefined
        ? ulpsBetween(gradient[c], value, 'float32')
        : ulpsOfScale(gradient[c], value, value.add(slopes[c].mul(2 * rows[c])), 'float32'),
    );
    keep(worst, `${engine.name} cap ${cap}`, ulpsBetween(Math.fround(losses[0]), exact.loss, 'float32'), errors, seed);
  }
}

function keep(worst: Map<string, Worst>, name: string, loss: number, errors: readonly number[], seed: number): void {
  const of = worst.get(name) ?? { loss: 0, gradient: 0, seeds: [0, 0], elements: 0, beyond: 0 };
  worst.set(name, of);
  if (!(loss <= of.loss)) [of.loss, of.seeds[0]] = [loss, seed];
  for (const error of errors) if (!(error <= of.gradient)) [of.gradient, of.seeds[1]] = [error, seed];
  of.elements += errors.length;
  of.beyond += errors.filter((error) => !(error <= 2.5)).length;
}

function main([seconds = '60', first = '1']: readonly string[]): void {
  const worst = new Map<string, Worst>();
  const end = Date.now() + 1000 * Number(seconds);
  let seed = Number(first);
  for (; Date.now() < end; seed++) for (const row of rowsOf(seed)) measure(worst, row, seed);
  console.log(`seeds ${first} to ${String(seed - 1)}`);
  for (const [name, { loss, gradient, seeds, elements, beyond }] of [...worst].sort()) {
    const numbers = `loss ${loss.toFixed(2)} (${String(seeds[0])}), gradient ${gradient.toFixed(2)} (${String(seeds[1])})`;
    console.log(`${name.padEnd(32)} ${numbers}, ${String(beyond)} of ${String(elements)} beyond`);
  }
}

main(process.argv.slice(2));
