// What a bundler leaves of the packages: an application with one loss carries no byte of another, and what is imported
// but not used leaves nothing.
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, inject, it } from 'vitest';

/** For no platform in particular: an import of Node's own modules is an error. */
const options = { bundle: true, format: 'esm', platform: 'neutral', logLevel: 'silent' } as const;

interface Bundle {
  readonly text: string;
  /** Files of the packages with at least one byte in the bundle, as `<package>/<path in dist>`. */
  readonly files: readonly string[];
}

const binaryProgram = use('binary', 'binaryCrossEntropy', 'binaryCrossEntropy()');
const categoricalProgram = use('categorical', 'categoricalCrossEntropy', 'categoricalCrossEntropy()');

/** Texts that tell a part's presence even when its names are minified: registered names and parts of messages. */
const textOf = {
  binary: 'binary-cross-entropy',
  categorical: 'categorical-cross-entropy',
  smoothing: 'label-smoothed',
  classWeights: 'class-weighted',
  positiveWeight: 'positive-weighted',
  adjustment: 'logit-adjusted',
  balanced: 'balanced-softmax',
  margins: 'margin-adjusted',
  focal: 'focal',
  poly: 'poly1',
  asymmetric: 'gammaPositive',
  generalized: 'generalized',
  penalty: 'confidence-penalized',
  mask: 'class-masked',
  zLoss: 'z-loss',
  squaredError: 'mean-squared-error',
  brier: 'brier-score',
  registry: 'createRegistry',
  json: 'fromJSON',
  evaluations: 'mergeEvaluations',
} as const;

describe('a bundle of @surprisal/binary', () => {
  it('holds its loss and nothing of another, of wrappers or of the registry', async () => {
    const { text, files } = await bundle(binaryProgram);
    expect(textsIn(text)).toEqual([textOf.binary]);
    expect(strangers(files, ['binary', 'core', 'kernels'], 'kernels/softmax')).toEqual([]);
  });

  it('stays small', async () => {
    // The aim is 12 kB compressed; packages/kernels/README.md says what takes more. The bound is a little above what it is: a
    // second link would break it. What a call can ask for beside value and gradient (accuracy, calibration, floor, Hessian) takes 3 kB, of a categorical bundle 4 kB.
    expect(await reportSize('@surprisal/binary', binaryProgram)).toBeLessThan(42_600);
  });
});

describe('a bundle of @surprisal/categorical', () => {
  it('holds its loss and nothing of another, of wrappers or of the registry', async () => {
    const { text, files } = await bundle(categoricalProgram);
    expect(textsIn(text)).toEqual([textOf.categorical]);
    expect(strangers(files, ['categorical', 'core', 'kernels'], 'kernels/sigmoid')).toEqual([]);
  });

  it('stays small', async () => {
    expect(await reportSize('@surprisal/categorical', categoricalProgram)).toBeLessThan(65_000);
  });
});

const plugins = [
  ['binary', 'binaryCrossEntropy'],
  ['categorical', 'categoricalCrossEntropy'],
  ['label-smoothing', 'labelSmoothed'],
  ['weighted', 'classWeighted'],
  ['weighted', 'positiveWeighted'],
  ['weighted', 'logitAdjusted'],
  ['weighted', 'balancedSoftmax'],
  ['weighted', 'marginAdjusted'],
  ['weighted', 'adjustPredictions'],
  ['focal', 'focal'],
  ['focal', 'poly1'],
  ['focal', 'asymmetric'],
  ['robust', 'generalized'],
  ['robust', 'symmetric'],
  ['robust', 'confidencePenalized'],
  ['logits', 'temperature'],
  ['logits', 'softcap'],
  ['logits', 'classMasked'],
  ['logits', 'zLoss'],
  ['squared-error', 'meanSquaredError'],
  ['squared-error', 'brierScore'],
  ['regularization', 'l1'],
  ['regularization', 'l2'],
  ['regularization', 'elasticNet'],
] as const;

describe('what is not used', () => {
  it.each(plugins)('@surprisal/%s: %s leaves nothing', async (name, member) => {
    const { text } = await bundle(`import { ${member} } from '@surprisal/${name}';`);
    expect(text).toBe('');
  });

  it.each(inject('packed').map(({ manifest }) => manifest.name))(
    'an import of all of %s leaves nothing',
    async (name) => {
      const entries = entryPoints(name).map((entry, index) => `import * as entry${index} from '${entry}';`);
      const { text } = await bundle(entries.join('\n'));
      expect(text).toBe('');
    },
  );

  it('a plugin leaves nothing when its package has been joined with others into one file', async () => {
    // Then `sideEffects: false` is lost, and the annotation of the plugin's definition alone can tell.
    const folder = inject('projects').everything;
    const exports = plugins.map(([name, member]) => `export { ${member} } from '@surprisal/${name}';`);
    await build({
      ...options,
      stdin: { contents: exports.join('\n'), resolveDir: folder },
      outfile: join(folder, 'joined.js'),
    });
    const { text } = await bundle(`import { labelSmoothed } from './joined.js'; console.log(labelSmoothed);`);
    expect(textsIn(text)).toEqual([textOf.smoothing]);
  });

  it('a builder of weights brings no wrapper and no core', async () => {
    const { text, files } = await bundle(use('weighted', 'balancedWeights', 'balancedWeights([1, 2])'));
    expect(text).toContain('balancedWeights');
    expect(textsIn(text)).toEqual([]);
    expect(strangers(files, ['weighted'])).toEqual([]);
  });

  it('a wrapper brings its own plugin alone', async () => {
    const { text } = await bundle(use('weighted', 'classWeighted', 'classWeighted'));
    expect(textsIn(text)).toEqual([textOf.classWeights]);
  });
});

function use(name: string, member: string, expression: string): string {
  return `import { ${member} } from '@surprisal/${name}'; console.log(${expression});`;
}

/** Bundles a program into one file. */
async function bundle(contents: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    ...options,
    stdin: { contents, resolveDir: inject('projects').everything },
    minify: true,
    metafile: true,
    write: false,
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const kept = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  const files = kept.flatMap((path) => /@surprisal\/(.+)$/.exec(path)?.[1]?.replace('/dist/', '/') ?? []);
  return { text: outputFiles[0]?.text.trim() ?? '', files };
}

function textsIn(text: string): string[] {
  return Object.values(textOf).filter((part) => text.includes(part));
}

/** Files of other packages, of the other link, and what of core only registries, merges and explanations need. */
function strangers(files: readonly string[], packages: readonly string[], otherLink = 'kernels'): string[] {
  const others = [
    otherLink,
    'core/registry',
    'core/merge-evaluations',
    'core/read-evaluation',
    'core/explain',
    'core/diagnose',
  ];
  return files.filter(
    (file) => !packages.some((name) => file.startsWith(`${name}/`)) || others.some((other) => file.startsWith(other)),
  );
}

/** What a program imports; a worker is a program of its own. */
function entryPoints(name: string): string[] {
  const exports = inject('packed').find(({ manifest }) => manifest.name === name)?.manifest.exports ?? {};
  const programs = Object.keys(exports).filter((path) => !/\.(?:json|wasm)$|^\.\/worker$/.test(path));
  return programs.map((path) => `${name}${path.slice(1)}`);
}

/** Prints the size of a bundle, everything included, and returns the compressed one. */
async function reportSize(name: string, program: string): Promise<number> {
  const { text } = await bundle(program);
  const compressed = gzipSync(text, { level: 9 }).length;
  console.log(`${name}: ${text.length} bytes minified, ${compressed} bytes gzip`);
  return compressed;
}
