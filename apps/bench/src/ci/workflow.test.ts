// The workflow and the action, read by GitHub's own parser; and what they say to `ci` is what `ci` takes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as WorkflowParser from '@actions/workflow-parser';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { registry } from '../registry.js';
import { runCommandLine } from '../cli.js';
import { temporaryFolder } from '../testing-records/temporary-folder.js';

const root = join(import.meta.dirname, '../../../..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const WORKFLOW = '.github/workflows/bench.yml';

interface Step {
  readonly run?: string;
  readonly shell?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const workflow = parse(textOf(WORKFLOW)) as { readonly jobs: Readonly<Record<string, { readonly steps: Step[] }>> };
const action = parse(textOf('action.yml')) as {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
};

type Parser = typeof WorkflowParser;

/** Bundled, since it imports JSON in a way that Node refuses. */
async function loadParser(): Promise<Parser> {
  const outfile = join(await temporaryFolder(), 'parser.mjs');
  const contents = `export * from '@actions/workflow-parser';`;
  const stdin = { contents, resolveDir: import.meta.dirname };
  await build({
    stdin,
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    banner: { js: REQUIRE },
    logLevel: 'error',
  });
  return (await import(pathToFileURL(outfile).href)) as Parser;
}

/** Its parser of YAML is CommonJS, and asks for modules of Node. */
const REQUIRE = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;

function faultsIn({ parseWorkflow, NoOperationTraceWriter }: Parser, name: string, content: string): string[] {
  const { context } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
}

/** The names that `ci` takes from the environment, by its own help. */
async function variables(): Promise<string[]> {
  const said: string[] = [];
  const out = (text: string): void => void said.push(text);
  await runCommandLine(['ci', '--help'], registry.plugins, { out, error: out });
  return [...said.join('\n').matchAll(/env:\s+(\w+)/g)].map(([, name = '']) => name);
}

describe('the workflow', () => {
  test('has no fault that the parser of GitHub knows', async () => {
    const parser = await loadParser();
    expect(faultsIn(parser, WORKFLOW, textOf(WORKFLOW))).toEqual([]);
    expect(faultsIn(parser, WORKFLOW, textOf(WORKFLOW).replace('runs-on', 'run-on'))).not.toEqual([]);
  });

  test('does all with one command, and tells it only what it takes', async () => {
    const steps = workflow.jobs['bench'].steps;
    const own = steps.filter(({ run = '' }) => run.includes('bench'));
    expect(own.map(({ run }) => run)).toEqual(['pnpm bench ci']);
    for (const name of own.flatMap(({ env = {} }) => Object.keys(env))) expect(await variables()).toContain(name);
  });
});

describe('the action', () => {
  const [step, ...others] = action.runs.steps;

  test('is one step, which a job takes as it is', async () => {
    expect(others).toEqual([]);
    expect([action.runs.using, step.run, step.shell]).toEqual([
      'composite',
      'npx --no-install surprisal-bench ci',
      'bash',
    ]);
    const steps = [{ run: step.run, shell: step.shell }];
    const job = { on: 'push', jobs: { job: { 'runs-on': 'ubuntu-latest', steps } } };
    expect(faultsIn(await loadParser(), 'job.yml', JSON.stringify(job))).toEqual([]);
  });

  test('hands every input on, each by a name that is taken', async () => {
    const env = Object.entries(step.env ?? {});
    const inputs = Object.keys(action.inputs).filter((name) => name !== 'working-directory');
    expect(env.map(([, value]) => value)).toEqual(inputs.map((name) => `\${{ inputs.${name} }}`));
    for (const [name] of env) expect(await variables()).toContain(name);
  });
});
