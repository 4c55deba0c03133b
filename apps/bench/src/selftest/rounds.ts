import { compareGroups, type CompareGroup } from '../compare/compare-rows.js';
import { decideGroups, type ComparedRow, type CompareOptions } from '../compare/compare-builds.js';
import { measureGroup } from '../measure/measure-group.js';
import { loadRegistry } from '../measure/load-plugins.js';
import type { VariantSpec } from '../measure/protocol.js';
import { runSteps } from '../suites/run-stages.js';

/** What a round found of two equal builds, or of one and the same slowed. */
export type RoundResult = Pick<ComparedRow, 'verdict'> & { readonly row: string; readonly ratio: number };

/** How to test the harness. */
export interface SelftestOptions extends CompareOptions {
  readonly rounds: number;
  /** 1.05: the head does 5% more work; absent: both sides are the same. */
  readonly factor?: number | undefined;
}

/** Each round compares one row of two copies of this build, the way `compare` does, with the confirming rerun. */
export async function selftestRounds(options: SelftestOptions): Promise<readonly RoundResult[]> {
  const rows = await bareRows(options);
  const steps = Array.from({ length: options.rounds }, (_, round) => {
    const group = rows[round % rows.length];
    if (group === undefined) throw new RangeError('selftest expected at least one row');
    return {
      title: `round ${round + 1}: ${group.rows[0]?.id ?? ''}`,
      run: (note: (text: string) => void) => runRound(group, round, { ...options, note }),
    };
  });
  return (await runSteps(steps)).results;
}

async function runRound(group: CompareGroup, round: number, options: SelftestOptions): Promise<RoundResult> {
  const seeded = { ...options, seed: options.seed + 10_000 * round };
  const reports = await measureGroup(group, seeded);
  const { rows } = await decideGroups({ results: [{ group, reports }], complete: true }, seeded, quietly);
  const [row] = rows;
  if (row === undefined) throw new RangeError('selftest expected a row, got none');
  return { row: row.row.id, verdict: row.verdict, ratio: Math.exp(row.look.median) };
}

/** A rerun within a round has no line of progress of its own. */
const quietly: typeof runSteps = async (steps) => {
  const results = [];
  for (const { run } of steps) results.push(await run(() => undefined));
  return { results, complete: true };
};

/** Cross-entropy on each shape by each engine, one row a group, the head slowed where a factor says so. */
async function bareRows({ sides, factor }: SelftestOptions): Promise<CompareGroup[]> {
  const registry = await loadRegistry(sides['base'] ?? []);
  const bare = compareGroups(registry, registry).filter(({ title }) => /^\w+, /.test(title));
  return bare.flatMap((group) =>
    group.rows.map((row) => ({
      ...group,
      rows: [row],
      variants: group.variants
        .filter(({ id }) => ['anchor', 'sentinel', row.base, row.head].includes(id))
        .map((variant) => (variant.id === row.head && factor !== undefined ? slowed(variant, factor) : variant)),
    })),
  );
}

function slowed(variant: VariantSpec, factor: number): VariantSpec {
  const { program } = variant;
  return program.kind === 'ours' ? { ...variant, program: { ...program, slowed: factor } } : variant;
}
