import { expect, test } from 'vitest';
import { calibrate, timeBlocks, warmUp, type Timed } from './pace.js';

const pace = { blocks: 4, batchMilliseconds: 1, warmUpMilliseconds: 100 };

/** Takes so many nanoseconds a call, on a clock of its own. */
function fake(nanoseconds: number, log?: (calls: number) => void): Timed {
  return {
    time: (calls) => {
      log?.(calls);
      return calls * nanoseconds;
    },
  };
}

test('a batch has as many calls as fill its time', async () => {
  expect(await calibrate(fake(300_000), pace)).toEqual({ calls: 4, every: 1 });
  expect(await calibrate(fake(2_000_000), pace)).toEqual({ calls: 1, every: 1 });
});

test('a call that waited for the processor does not shorten a batch', async () => {
  const times = [5_000_000, 100_000, 100_000];
  const stutters: Timed = { time: (calls) => calls * (times.shift() ?? 100_000) };
  expect(await calibrate(stutters, pace)).toEqual({ calls: 16, every: 1 });
});

test('a slow variant sits out blocks, but not all', async () => {
  expect(await calibrate(fake(50e6), pace)).toEqual({ calls: 1, every: 3 });
  expect(await calibrate(fake(5e9), pace)).toEqual({ calls: 1, every: 6 });
});

test('warming up ends when medians have settled within 1%', async () => {
  const rounds: number[] = [];
  let cost = 4000;
  const tiers: Timed = {
    time: () => {
      rounds.push(cost);
      if (rounds.length === 12) cost = 1000;
      return cost;
    },
  };
  const steady = { timed: fake(10), batch: { calls: 1, every: 1 } };
  // Five rounds of one speed beside five of another have not settled; eleven of one have.
  expect(await warmUp([{ timed: tiers, batch: { calls: 1, every: 1 } }, steady], pace, () => 0)).toBe(true);
  expect(rounds).toHaveLength(10);
});

test('warming up ends when the time is up, and says that nothing had settled', async () => {
  let now = 0;
  let cost = 1;
  const growing: Timed = {
    time: () => {
      now += 10;
      return (cost *= 2);
    },
  };
  expect(await warmUp([{ timed: growing, batch: { calls: 1, every: 1 } }], pace, () => now)).toBe(false);
  expect(now).toBe(100);
});

test('every block times all in an order of its own, which the seed decides, after a collection each', async () => {
  const orders = async (seed: number): Promise<string> => {
    const log: string[] = [];
    const paced = ['a', 'b', 'c', 'd'].map((name) => ({
      timed: fake(1, () => log.push(name)),
      batch: { calls: 2, every: 1 },
    }));
    await timeBlocks(paced, { seed, blocks: 3, collectGarbage: () => log.push('-') });
    return log.join('');
  };
  const first = await orders(1);
  expect(first.match(/-/g)).toHaveLength(12);
  const blocks = first.replaceAll('-', '').match(/.{4}/g) ?? [];
  expect(blocks.map((block) => Array.from(block).sort().join(''))).toEqual(['abcd', 'abcd', 'abcd']);
  expect(new Set(blocks).size).toBeGreaterThan(1);
  expect(await orders(1)).toBe(first);
  expect(await orders(2)).not.toBe(first);
});

test('times are those of a call, and none where a slow one sat out', async () => {
  const paced = [
    { timed: fake(7), batch: { calls: 5, every: 1 } },
    { timed: fake(9), batch: { calls: 1, every: 2 } },
  ];
  expect(await timeBlocks(paced, { seed: 1, blocks: 4, collectGarbage: () => undefined })).toEqual([
    [7, 7, 7, 7],
    [9, null, 9, null],
  ]);
});

test('blocks go on while medians are not known to half a percent, to a limit', async () => {
  const blocksOf = async (spread: number): Promise<number> => {
    let call = 0;
    // Three times around the mean in turn, so that the middle half is twice the spread wide.
    const wavering: Timed = { time: () => 1000 * (1 + spread * ((call++ % 3) - 1)) };
    const paced = [fake(1000), wavering].map((timed) => ({ timed, batch: { calls: 1, every: 1 } }));
    const [times] = await timeBlocks(paced, { seed: 1, blocks: 9, mostBlocks: 400, collectGarbage: () => undefined });
    return times.length;
  };
  expect(await blocksOf(0.001)).toBe(9);
  // 1.253 (2 spread / 1.349) / sqrt(n) <= 0.005
  const needed = Math.ceil(((1.253 * 2 * 0.03) / 1.349 / 0.005) ** 2);
  expect(Math.abs((await blocksOf(0.03)) - needed)).toBeLessThanOrEqual(2);
  expect(await blocksOf(0.3)).toBe(400);
});
