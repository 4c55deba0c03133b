import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { makeInput } from '../measure/input.js';
import { normalInput } from '../suites/variants.js';
import { startLineProcess } from './line-process.js';
import { openPeer } from './open-peer.js';
import { peerVersions } from './peer-versions.js';
import { PEERS } from './peers.js';

const empty = mkdtempSync(join(tmpdir(), 'surprisal-bench-'));
afterAll(() => rmSync(empty, { recursive: true }));

const input = makeInput(normalInput(3, 4));

describe('a peer that is not installed', () => {
  test.each(PEERS.filter(({ packages }) => Object.keys(packages).length > 0))(
    'says how to get it: $name',
    async ({ name }) => {
      const open = openPeer({ kind: 'peer', peer: name, operation: 'value' }, input, empty);
      await expect(open).rejects.toThrow(/^\S+ is not installed: surprisal-bench peers install$/);
    },
  );
});

test('versions are listed, and how to get what is missing', async () => {
  const installed = PEERS.filter(({ name }) => name === 'jax-wasm');
  expect(await peerVersions(empty, installed)).toEqual([
    { name: 'jax-wasm', missing: '@jax-js/jax is not installed: surprisal-bench peers install' },
  ]);
  const manifest = join(empty, 'node_modules/@jax-js/jax/package.json');
  mkdirSync(dirname(manifest), { recursive: true });
  writeFileSync(manifest, '{ "version": "1.2.3" }');
  expect(await peerVersions(empty, installed)).toEqual([{ name: 'jax-wasm', version: '1.2.3' }]);
  rmSync(join(empty, 'node_modules'), { recursive: true });
});

describe('a program that is spoken to in lines', () => {
  test('answers each', async () => {
    const echo = startLineProcess(process.execPath, [
      '-e',
      'process.stdin.on("data", (text) => process.stdout.write(`got ${text}`))',
    ]);
    echo.send('one');
    expect(await echo.next()).toBe('got one');
    echo.send('two');
    expect(await echo.next()).toBe('got two');
    echo.end();
  });

  test('that fails says what it wrote to its standard error', async () => {
    const failing = startLineProcess(process.execPath, ['-e', 'console.error("no such module"); process.exit(1)']);
    await expect(failing.next()).rejects.toThrow('no such module');
    await expect(startLineProcess('/no/such/program', []).next()).rejects.toThrow(/ENOENT/);
  });
});

const hasTorch = ['python3', '/usr/bin/python3'].some(
  (python) => spawnSync(python, ['-c', 'import torch']).status === 0,
);

// Where python3 cannot import torch there is nothing to compare with; the row says so.
describe.skipIf(!hasTorch)('PyTorch', () => {
  test.each([
    ['rows of classes', normalInput(3, 4)],
    ['elements', normalInput(5, 1)],
    ['float64', normalInput(3, 4, { type: 'float64' })],
    ['probability targets', normalInput(3, 4, { targets: 'probabilities' })],
  ])('computes %s as its own loop is told to', async (_, spec) => {
    const made = makeInput(spec);
    const variant = await openPeer({ kind: 'peer', peer: 'pytorch', operation: 'value-and-gradient' }, made, empty);
    const { value, losses, gradient, denominator } = await variant.outputs();
    expect(await variant.time(2)).toBeGreaterThan(0);
    variant.close?.();
    expect(denominator).toBe(spec.rows);
    expect(gradient).toHaveLength(made.logits.length);
    expect(losses).toHaveLength(spec.rows);
    const mean = Array.from(losses ?? []).reduce((sum, loss) => sum + loss, 0) / spec.rows;
    // Three float32 losses, added in another order.
    expect(value).toBeCloseTo(mean, 5);
  });
});
