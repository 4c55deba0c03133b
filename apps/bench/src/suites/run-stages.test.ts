import { expect, test } from 'vitest';
import { Interrupted, withInterruption } from './interruption.js';
import { runSteps, type Step } from './run-stages.js';

const step = (title: string, run: () => string = () => title): Step<string> => ({
  title,
  run: () => Promise.resolve().then(run),
});

test('steps run in order', async () => {
  expect(await runSteps([step('a'), step('b')])).toEqual({ results: ['a', 'b'], complete: true, leftOut: [] });
});

test('Ctrl-C leaves what was finished, and starts nothing more', async () => {
  const started: string[] = [];
  const interrupted = step('b', () => {
    throw new Interrupted('ended by Ctrl-C');
  });
  const last = step('c', () => {
    started.push('c');
    return 'c';
  });
  expect(await runSteps([step('a'), interrupted, last])).toMatchObject({ results: ['a'], complete: false });
  expect(started).toEqual([]);
});

test('any other error ends the run', async () => {
  const broken = step('b', () => {
    throw new Error('no such thing');
  });
  await expect(runSteps([step('a'), broken])).rejects.toThrow('no such thing');
});

test('nothing is started after the time is over; what was left out is told', async () => {
  let clock = 0;
  const tick = (title: string): Step<string> =>
    step(title, () => {
      clock += 40;
      return title;
    });
  const found = await runSteps([tick('a'), tick('b'), tick('c'), tick('d')], 50, () => clock);
  expect(found).toEqual({ results: ['a', 'b'], complete: true, leftOut: ['c', 'd'] });
});

test('the signal is set off by the first Ctrl-C only, and the listener is gone afterwards', async () => {
  const listeners = new Set<() => void>();
  const source = {
    once: (_: string, listener: () => void) => listeners.add(listener),
    off: (_: string, listener: () => void) => listeners.delete(listener),
  } as unknown as Parameters<typeof withInterruption>[1];
  const reason = await withInterruption((signal) => {
    for (const listener of listeners) listener();
    return Promise.resolve(signal.reason as unknown);
  }, source);
  expect(reason).toEqual(new Interrupted('ended by Ctrl-C'));
  expect(listeners.size).toBe(0);
});
