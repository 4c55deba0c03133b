/**
 * Tries `compare` on builds of which is known what it should say. One kernel is slowed by 5% of a row's time, with work
 * that is really done: that row alone must be named, with exit code 1. A build with itself: exit code 0. The same beside
 * two busy processes: no regression, whatever else. Rounds take a minute or more each, on a machine with nothing else to do.
 *
 *     pnpm build && pnpm exec node apps/bench/scripts/compare-slowed.ts [--rounds 5] [slowed] [same] [busy]
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { makeBuild, type MadeBuild } from '../src/testing-gate/make-build.ts';
import { runMain } from '../src/testing-gate/run-main.ts';
import { slowShortRows } from '../src/testing-gate/slow-kernel.ts';

/** What is read of a row of a comparison. */
interface Row {
  readonly id: string;
  readonly ratio: number;
  readonly verdict: 'worse' | 'better' | 'same' | 'inconclusive';
}

interface Compared {
  readonly code: number | null;
  readonly rows: readonly Row[];
}

/** Builds, what to compare of them, and what must come out. */
interface Experiment {
  readonly head: MadeBuild;
  readonly busy: number;
  readonly isRight: (compared: Compared) => boolean;
}

/** Bare losses on every shape by every engine: of their rows one is computed by the kernel. */
const BARE = 'CrossEntropy, ';
const SLOWED = 'float32/1024x10/normal/surprisal:wasm-simd';
const FACTOR = 1.05;

async function compare(base: MadeBuild, head: MadeBuild, seed: number, only = BARE): Promise<Compared> {
  const args = ['compare', base.folder, head.folder, '--only', only, '--seed', String(seed), '--json'];
  const { code, out, error } = await runMain(base.main, args, base.folder);
  if (out === '') throw new Error(`compare ended with ${code}: ${error}`);
  const { compare: found } = JSON.parse(out) as { readonly compare: { readonly rows: readonly Row[] } };
  return { code, rows: found.rows };
}

const named = ({ rows }: Compared): readonly Row[] => rows.filter(({ verdict }) => verdict === 'worse');
const isSlowed = ({ id }: Row): boolean => id.endsWith(SLOWED);

/** How rarely a group of rows is to be computed twice for the row to take so much longer: from what it costs always. */
async function calibrate(base: MadeBuild): Promise<number> {
  const twice = await makeBuild(await slowShortRows(1));
  try {
    const { rows } = await compare(base, twice, 0, 'categoricalCrossEntropy, 1024');
    const cost = (rows.find(isSlowed)?.ratio ?? NaN) - 1;
    if (!(cost > FACTOR - 1)) throw new Error(`the work done twice takes ${cost} of the row: the machine is not quiet`);
    const every = Math.round(cost / (FACTOR - 1));
    console.log(`the work twice takes ${cost.toFixed(3)} of the row; one in ${every}: ${(cost / every).toFixed(4)}`);
    return every;
  } finally {
    await twice.remove();
  }
}

/** Never rests, until whoever began it is gone, however that ended. */
const BUSY = 'const { ppid } = process; while (process.ppid === ppid);';

/** Runs something beside so many busy processes. */
async function beside<Result>(busy: number, run: () => Promise<Result>): Promise<Result> {
  const others = Array.from({ length: busy }, () => spawn(process.execPath, ['-e', BUSY], { stdio: 'ignore' }));
  try {
    return await run();
  } finally {
    for (const other of others) other.kill('SIGKILL');
  }
}

function lineOf({ code, rows }: Compared, right: boolean): string {
  const count = (verdict: Row['verdict']): string =>
    `${rows.filter((row) => row.verdict === verdict).length} ${verdict}`;
  const slowed = rows.find(isSlowed)?.ratio.toFixed(3) ?? '';
  const counts = (['worse', 'better', 'same', 'inconclusive'] as const).map(count).join(', ');
  const names = named({ code, rows }).map(({ id, ratio }) => `\n    ${id} ${ratio.toFixed(3)}`);
  return `${right ? 'right' : 'WRONG'}  exit ${code}  ratio of the row ${slowed}  ${counts}${names.join('')}`;
}

const EXPERIMENTS = ['slowed', 'same', 'busy'] as const;
type Name = (typeof EXPERIMENTS)[number];

/** What was made, to be removed, and whether Ctrl-C came. */
const state = { builds: [] as MadeBuild[], ended: false };

async function made(every: number): Promise<MadeBuild> {
  const build = await makeBuild(await slowShortRows(every));
  state.builds.push(build);
  return build;
}

async function experimentOf(name: Name, base: MadeBuild): Promise<Experiment> {
  switch (name) {
    case 'slowed': {
      const isRight = (compared: Compared): boolean => {
        const rows = named(compared);
        return compared.code === 1 && rows.length === 1 && rows.every(isSlowed);
      };
      return { head: await made(await calibrate(base)), busy: 0, isRight };
    }
    case 'same':
      return { head: await made(Infinity), busy: 0, isRight: ({ code }) => code === 0 };
    case 'busy': {
      const isRight = (compared: Compared): boolean => compared.code !== 1 && named(compared).length === 0;
      return { head: await made(Infinity), busy: 2, isRight };
    }
  }
}

/** Whether every round said what it should. */
async function tryOut(name: Name, base: MadeBuild, rounds: number): Promise<boolean> {
  const { head, busy, isRight } = await experimentOf(name, base);
  let [done, right] = [0, 0];
  for (; done < rounds && !state.ended; done++) {
    const compared = await beside(busy, () => compare(base, head, 1000 * (done + 1)));
    const expected = isRight(compared);
    if (expected) right++;
    console.log(`${name} ${done + 1}: ${lineOf(compared, expected)}`);
  }
  console.log(`${name}: right in ${right} of ${done} rounds`);
  return done > 0 && right === done;
}

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '5' } },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
if (!(Number.isInteger(rounds) && rounds > 0))
  throw new RangeError(`--rounds expected a whole number, got ${values.rounds}`);
for (const name of positionals)
  if (!EXPERIMENTS.some((each) => each === name))
    throw new RangeError(`expected ${EXPERIMENTS.join(', ')}, got ${name}`);
process.once('SIGINT', () => (state.ended = true));
try {
  const base = await made(Infinity);
  for (const name of EXPERIMENTS.filter((each) => positionals.length === 0 || positionals.includes(each)))
    if (!(await tryOut(name, base, rounds))) process.exitCode = 1;
} finally {
  for (const build of state.builds) await build.remove();
}
