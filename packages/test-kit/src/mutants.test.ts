import { describe, expect, it } from 'vitest';
import { laws } from './laws.js';
import { subjectsOf } from './subjects.js';
import { conductMutants } from './testing-mutants/conduct-mutants.js';
import type { Mutant } from './testing-mutants/mutate.js';
import { extraMutants } from './testing-mutants/extra-mutants.js';
import { pluginMutants } from './testing-mutants/plugin-mutants.js';
import { rangeMutants } from './testing-mutants/range-mutants.js';
import { valueMutants } from './testing-mutants/value-mutants.js';

const mutants = [...valueMutants, ...rangeMutants, ...conductMutants, ...pluginMutants, ...extraMutants];

/** Messages of a law on everything that a faulty plugin makes. */
function complaints({ law: name, plugin, options }: Mutant): readonly string[] {
  return subjectsOf(plugin, options).flatMap((subject) =>
    laws
      .filter((law) => law.name === name && law.applies(subject))
      .flatMap((law) => {
        try {
          law.check(subject);
          return [];
        } catch (error) {
          return [(error as Error).message];
        }
      }),
  );
}

describe('a planted fault is found by the law meant for it', () => {
  it.each(mutants.map((mutant) => ({ ...mutant, title: `${mutant.fault}: ${mutant.law}` })))('$title', (mutant) => {
    const [message] = complaints(mutant);
    expect(message).toMatch(`law "${mutant.law}" of {"version":1,"loss":`);
    expect(message).toContain('(seed 1): ');
  });
});

it('every law finds a planted fault', () => {
  const covered = new Set(mutants.map(({ law }) => law));
  expect(laws.filter(({ name }) => !covered.has(name)).map(({ name }) => name)).toEqual([]);
});
