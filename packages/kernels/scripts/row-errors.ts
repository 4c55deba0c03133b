/**
 * Measures the errors of every engine over random rows: classes from 2 to 5,000, both types, weights, smoothing, soft targets,
 * ignored rows; against double-double arithmetic, or fewer and shorter rows against decimal.js.
 *
 *     pnpm build && node packages/kernels/scripts/row-errors.ts <rows> <file> [first seed] [decimal]
 *
 * A batch is made of its seed alone. The file keeps what was found so far and the next seed: the same command goes on from
 * there until it has so many rows. Runs of different seeds, in files of their own, can be compared and their rows added.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { softmaxLink } from '@surprisal/kernels/softmax';
import { addRowErrors, isWithinBounds, type RowErrors } from '../src/testing/row-errors/row-errors.ts';

const SIZES = {
  'double-double': { classes: [2, 5000], logits: 20_000, rows: 24 },
  decimal: { classes: [2, 100], logits: 200, rows: 6 },
} as const;

interface State {
  readonly firstSeed: number;
  nextSeed: number;
  rows: number;
  readonly errors: RowErrors;
}

function readState(file: string, firstSeed: number): State {
  if (!existsSync(file)) return { firstSeed, nextSeed: firstSeed, rows: 0, errors: {} };
  return JSON.parse(readFileSync(file, 'utf8')) as State;
}

/** In one step: an interrupted run leaves the file whole. */
function writeState(file: string, state: State): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

function report({ firstSeed, nextSeed, rows, errors }: State): void {
  console.log(`${String(rows)} rows, seeds ${String(firstSeed)} to ${String(nextSeed - 1)}`);
  for (const [name, { loss, gradient, beyond, elements }] of Object.entries(errors).sort()) {
    const worst = [loss, gradient].map(({ ulps, seed }) => `${ulps.toFixed(3)} (seed ${String(seed)})`);
    const share = ((100 * (elements - beyond)) / elements).toFixed(4);
    console.log(`${name}: loss ${worst[0] ?? ''}, gradient ${worst[1] ?? ''}, within 2.5 units ${share}%`);
  }
  console.log(isWithinBounds(errors) ? 'within the bounds' : 'BEYOND THE BOUNDS');
}

function main([rows = '1000', file = 'row-errors.json', firstSeed = '1', arithmetic]: readonly string[]): void {
  const state = readState(file, Number(firstSeed));
  const kind = arithmetic === 'decimal' ? 'decimal' : 'double-double';
  const engines = softmaxLink.engines.filter(({ available }) => available?.() ?? true).map(({ name }) => name);
  let saved = Date.now();
  while (state.rows < Number(rows)) {
    state.rows += addRowErrors(state.errors, state.nextSeed, SIZES[kind], engines, kind);
    state.nextSeed++;
    if (Date.now() - saved < 20_000) continue;
    saved = Date.now();
    writeState(file, state);
    console.error(`${String(state.rows)} of ${rows} rows`);
  }
  writeState(file, state);
  report(state);
  process.exitCode = isWithinBounds(state.errors) ? 0 : 1;
}

main(process.argv.slice(2));
