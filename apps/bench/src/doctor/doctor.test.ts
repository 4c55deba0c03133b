import { expect, test } from 'vitest';
import type { RunJob } from '../measure/run-process.js';
import { reportOf } from '../testing-measure/jobs.js';
import { examine } from './commands.js';

/** Processes whose sentinel is off by a factor, and whose blocks vary by a share. */
function fake(factor: number, spread: number): RunJob {
  const times = [1 - spread, 1, 1, 1 + spread].map((share) => 100 * share);
  return () => Promise.resolve(reportOf({ anchor: times, sentinel: times.map((time) => time * factor), copy: [1] }));
}

const marked = async (run: RunJob): Promise<string[]> => {
  const { figures } = await examine(run, 0);
  return figures.filter(({ value, limit = Infinity }) => !(value <= limit)).map(({ name }) => name);
};

test('a machine on which equal kernels agree and blocks hardly vary is quiet', async () => {
  expect(await marked(fake(1.001, 0.01))).toEqual([]);
  expect((await examine(fake(1.001, 0.01), 0)).status).toBe('quiet');
});

test('what is not quiet is named', async () => {
  expect(await marked(fake(1.02, 0.01))).toEqual(['sentinel']);
  expect(await marked(fake(1.05, 0.01))).toEqual(['sentinel', 'worst sentinel']);
  expect(await marked(fake(1, 0.5))).toEqual(['blocks']);
  const busy = await examine(fake(1, 0.01), 3);
  expect(busy.status).toBe('noisy');
  expect(busy.figures[0]).toMatchObject({ name: 'load', value: 3, limit: 0.5 });
});
