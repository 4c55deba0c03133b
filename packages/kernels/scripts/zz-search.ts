// run inside packages/kernels/scripts (copied), prints worst errors
import { randomNumbers, randomRows, exactMeasure, ulpsBetween, ulpsOfScale } from '@surprisal/reference';
import { softmaxLink } from '@surprisal/kernels/softmax';
import { exactPlanRow, exactSteps } from '../src/testing/exact-plan-row.ts';
import { runEngine } from '../src/testing/run-engine.ts';
const [seconds, seed0] = [Number(process.argv[2]), Number(process.argv[3] ?? 1)];
const engines = softmaxLink.engines.filter((e) => e.name !== 'typescript');
const worst: Record<string, any> = {};
const end = Date.now() + 1000 * seconds;
let seed = seed0, rowsSeen = 0, elements = 0, beyond = 0;
const LABEL = { direct: 1, spread: 0 };
while (Date.now() < end) {
  seed++;
  const r = randomNumbers(seed * 7919);
  const made = [...randomRows({ seed, logits: 100, type: 'float32', classes: [2, 40] })].map((x) => ({ z: x.logits, label: x.label }));
  const n = 2 + r.below(38);
  const sd = [1, 3, 8, 12, 20, 60][r.below(6)]; const shift = [0, 0, 10, -10, 25, -40][r.below(6)];
  made.push({ z: Float32Array.from({ length: n }, () => shift + sd * r.normal()), label: r.below(n) });
  const two = Float32Array.from({ length: n }, (_, j) => 0); const [a, b] = [sd * r.normal(), sd * r.normal()];
  made.push({ z: two.map(() => (r.uniform() < 0.5 ? a : b)), label: r.below(n) });
  for (const { z, label } of made) {
    const cap = [30, 30, 50, 5, 2.5, 100, 1000][r.below(7)];
    const pre = r.below(4) === 0 ? [{ kind: 'affine', scale: 0.5 + r.uniform() } as const] : [];
    const logitSteps = [...pre, { kind: 'softcap', cap } as const];
    const soft = r.below(3) === 0;
    const layout = { rows: 1, classes: z.length, inner: 1 };
    let u: any, call: any;
    if (soft) { const rows = z.map((v) => (v === -Infinity ? 0 : r.uniform() ** 3)) as Float32Array; u = rows; call = { logits: z, labels: [], rows, layout, plan: { logitSteps } }; }
    else { u = exactMeasure(label, z.length); call = { logits: z, labels: [label], layout, plan: { labelMeasure: LABEL, logitSteps } }; }
    const exact = exactPlanRow(z, u, { logitSteps }, label);
    const slopes = exactSteps(z, logitSteps, label).map((s) => s.slope);
    rowsSeen++;
    for (const engine of engines) {
      const { losses, gradient } = runEngine({ ...call, engine });
      const key = `${engine.name} ${soft ? 'soft' : 'label'} cap ${cap}`;
      const w = (worst[key] ??= { loss: 0, gradient: 0, ls: 0, gs: 0 });
      const le = ulpsBetween(Math.fround(losses[0]), exact.loss, 'float32');
      if (!(le <= w.loss)) { w.loss = le; w.ls = seed; }
      exact.gradient.forEach((value: any, j: number) => {
        const e = soft ? ulpsOfScale(gradient[j], value, value.add(slopes[j].mul(2 * u[j])), 'float32') : ulpsBetween(gradient[j], value, 'float32');
        elements++; if (!(e <= 2.5)) beyond++;
        if (!(e <= w.gradient)) { w.gradient = e; w.gs = seed; }
      });
    }
  }
}
console.log(rowsSeen, 'rows', elements, 'elements', beyond, 'beyond 2.5', 'last seed', seed);
for (const [k, w] of Object.entries(worst).sort()) console.log(k.padEnd(40), w.loss.toFixed(2), w.ls, w.gradient.toFixed(2), w.gs);
