import { Ajv } from 'ajv';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { METRICS, type Benchmark } from '../records/benchmark-record.js';
import { writeRecord } from '../records/record-text.js';
import type { RunRecord } from '../records/run-record.js';
import { exampleRecord } from '../testing-records/example-record.js';
import { hostileRecord } from '../testing-records/hostile-record.js';
import { readHtml, type HtmlElement } from '../testing-records/read-html.js';
import { runCommand } from '../testing-records/run-command.js';
import { temporaryFolder } from '../testing-records/temporary-folder.js';
import { bencherMetrics } from './bencher.js';
import { githubActionEntries } from './github-action-benchmark.js';
import { GITHUB_LIMITS, githubMarkdown } from './github-markdown.js';
import { goBenchmarkText } from './go-benchmark.js';

const [ours] = exampleRecord.benchmarks;

/** The example with one more unproven benchmark, and many of them. */
function recordOf(benchmarks: readonly Benchmark[]): RunRecord {
  return { ...exampleRecord, benchmarks: [...exampleRecord.benchmarks, ...benchmarks] };
}

const unproven: Benchmark = { ...ours, id: 'unproven', status: 'unproven', reason: 'the anchors differ' };
const records = { example: recordOf([unproven]), hostile: hostileRecord };

describe.each(Object.entries(records))('github-action-benchmark of the %s record', (_, record) => {
  const files = (['customSmallerIsBetter', 'customBiggerIsBetter'] as const).map((tool) =>
    githubActionEntries(record, tool),
  );

  test('has entries as its README asks for them, and no null in their JSON', () => {
    const entry = {
      type: 'object',
      required: ['name', 'unit', 'value'],
      properties: {
        ...{ name: { type: 'string' }, unit: { type: 'string' }, value: { type: 'number' } },
        ...{ range: { type: 'string', pattern: '^± [0-9.e+-]+$' }, extra: { type: 'string' } },
      },
      additionalProperties: false,
    };
    const validate = new Ajv().compile({ type: 'array', minItems: 1, items: entry });
    for (const entries of files) {
      validate(JSON.parse(JSON.stringify(entries)));
      expect(validate.errors).toBeNull();
    }
  });

  test('has unique names without machine or commit', () => {
    const names = files.flat().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.includes(record.machine.cpu) || name.includes('518fc2c'))).toEqual([]);
  });
});

test('github-action-benchmark gets each metric in the file of its direction, with half its interval', () => {
  const smaller = githubActionEntries(exampleRecord, 'customSmallerIsBetter');
  const bigger = githubActionEntries(exampleRecord, 'customBiggerIsBetter');
  expect(smaller[0]).toEqual({
    ...{ name: `${ours.id} time`, unit: 'ns/element', value: 1.92, range: '± 0.05' },
    extra: '8 processes\n99% interval',
  });
  expect(bigger.map(({ name }) => name)).toEqual([`${ours.id} throughput`, `${ours.id} copy-share`]);
});

test('no format gets a row that is wrong, missing, unproven, or not finite', () => {
  const missing = ['plain-loop', 'tfjs-wasm', 'unproven', 'gradient-error', 'NaN', 'Infinity'];
  const { example } = records;
  const texts = [
    JSON.stringify(githubActionEntries(example, 'customSmallerIsBetter')),
    JSON.stringify(bencherMetrics(example)),
    goBenchmarkText(example),
  ];
  for (const text of texts) expect(missing.filter((part) => text.includes(part))).toEqual([]);
});

describe('Bencher Metric Format', () => {
  // As bencher.dev/docs/reference/bencher-metric-format states it.
  const number = { type: 'number' };
  const metric = {
    type: 'object',
    properties: { value: number, lower_value: number, upper_value: number },
    required: ['value'],
  };
  const measures = { type: 'object', patternProperties: { '.+': metric } };
  const schema = { type: 'object', patternProperties: { '.+': measures } };

  test.each(Object.entries(records))('of the %s record passes the schema that Bencher documents', (_, record) => {
    const validate = new Ajv().compile(schema);
    validate(JSON.parse(JSON.stringify(bencherMetrics(record))));
    expect(validate.errors).toBeNull();
  });

  test('calls times latency, with the ends of their interval', () => {
    expect(bencherMetrics(exampleRecord)[ours.id]).toMatchObject({
      latency: { value: 1.92, lower_value: 1.88, upper_value: 1.97 },
      throughput: { value: 4.2 },
    });
    expect(bencherMetrics(exampleRecord)['@surprisal/categorical']).toEqual({ size: { value: 3900 } });
  });

  test('keeps names within the lengths that Bencher allows, and two names two', () => {
    const long = ['a', 'b'].map((end) => ({
      ...{ ...ours, id: 'x'.repeat(2000) + end },
      metrics: [{ ...METRICS.time, name: 'm'.repeat(100), value: 1 }],
    }));
    const metrics = bencherMetrics(recordOf(long));
    const names = Object.keys(metrics);
    expect(names.filter((name) => name.startsWith('xxx'))).toHaveLength(2);
    expect(names.filter((name) => name.length > 1024)).toEqual([]);
    expect(
      Object.values(metrics)
        .flatMap(Object.keys)
        .filter((name) => name.length > 64),
    ).toEqual([]);
  });
});

/** Reads Go's benchmark format by the rules of its specification. */
function readGo(text: string): {
  config: Record<string, string>;
  units: Record<string, string[]>;
  samples: { name: string; iterations: number; values: Record<string, number> }[];
} {
  const read: ReturnType<typeof readGo> = { config: {}, units: {}, samples: [] };
  for (const line of text.split('\n')) {
    const words = line.split(/\s+/).filter((word) => word !== '');
    const [first = '', second = '', ...rest] = words;
    if (/^Benchmark(?![a-z])/.test(first)) {
      const pairs = rest.flatMap((word, index) => (index % 2 === 1 ? [[word, Number(rest[index - 1])] as const] : []));
      expect(rest.length % 2).toBe(0);
      read.samples.push({ name: first, iterations: Number(second), values: Object.fromEntries(pairs) });
    } else if (first === 'Unit') read.units[second] = rest;
    else if (/^[a-z][^A-Z\s]*:$/.test(first)) read.config[first.slice(0, -1)] = words.slice(1).join(' ');
    else expect(line).toBe('');
  }
  return read;
}

describe('Go benchmark text', () => {
  test('has a line for each process, which holds what was measured', () => {
    const { config, samples, units } = readGo(goBenchmarkText(exampleRecord));
    const timed = samples.filter(({ values }) => 'ns/element' in values);
    expect(config).toMatchObject({ goos: 'linux', goarch: 'x64', cpu: 'Example CPU 3000', runtime: 'node 24.21.0' });
    expect(new Set(timed.map(({ name }) => name))).toEqual(
      new Set([
        'BenchmarkValueAndGradient/loss=categorical-cross-entropy@6cfa1a2b9c84e6f7/dtype=float32/rows=4096/classes=10/input=digits/implementation=surprisal/engine=wasm-simd-2',
      ]),
    );
    expect(timed.map(({ values }) => values['ns/element'])).toEqual(ours.metrics[0].processes);
    expect(timed.map(({ values }) => values['ratio'])).toEqual([0.31, ...Array<undefined>(7)]);
    expect(units).toMatchObject({
      'ns/element': ['better=lower', 'assume=nothing'],
      'throughput-GB/s': ['better=higher', 'assume=nothing'],
      'size-B': ['better=lower', 'assume=exact'],
    });
  });

  test.each(Object.entries(records))('of the %s record is read back whole, every name with its -N', (_, record) => {
    const { samples, units } = readGo(goBenchmarkText(record));
    expect(samples.length).toBeGreaterThan(0);
    for (const { name, iterations, values } of samples) {
      expect(name).toMatch(/-\d+$/);
      expect(iterations).toBeGreaterThan(0);
      expect(Object.values(values).filter((value) => !Number.isFinite(value))).toEqual([]);
      expect(Object.keys(values).filter((unit) => !(unit in units))).toEqual([]);
    }
  });

  test('keeps two benchmarks two where their axes are the same', () => {
    const { samples } = readGo(goBenchmarkText(recordOf([{ ...ours, id: 'another' }])));
    const names = samples.filter(({ values }) => 'ns/element' in values).map(({ name }) => name);
    expect(new Set(names).size).toBe(2);
  });
});

/** As GitHub renders it. */
function render(markdown: string): HtmlElement {
  const html = micromark(markdown, {
    ...{ allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] },
  });
  return readHtml(`<!doctype html><html><body>${html}</body></html>`);
}

describe('GitHub Markdown', () => {
  test('begins with the verdict', () => {
    const text = githubMarkdown(exampleRecord, 'summary');
    expect(text).toMatch(/^## 🛑 Wrong output: `the loss of row 17 is NaN, exactly 3\.25`\n/);
    const ok = githubMarkdown({ ...exampleRecord, verdict: { status: 'ok', reasons: [] } }, 'comment');
    expect(ok).toMatch(/^## ✅ No regression: 1 comparisons, 0 better, 0 the same\n/);
  });

  test('sorts differences by what is sure, worse ones first', () => {
    const [row] = exampleRecord.compare?.rows ?? [];
    const make = (id: string, verdict: typeof row.verdict, ratio: number, half: number): typeof row => ({
      ...{ ...row, id, verdict, ratio, interval: { low: ratio - half, high: ratio + half, level: 0.99 } },
    });
    const rows = [
      make('same', 'same', 1.001, 0.01),
      make('better', 'better', 0.8, 0.01),
      make('unsure', 'worse', 1.2, 0.1),
      make('surest', 'worse', 1.1, 0.01),
      make('unknown', 'inconclusive', 1.5, 0.9),
    ];
    const compare = { base: { label: 'a' }, head: { label: 'b' }, rows };
    const document = render(githubMarkdown({ ...exampleRecord, compare }, 'summary'));
    const [table] = document.querySelectorAll('table');
    const ids = [...table.querySelectorAll('tbody tr')].map((tr) => tr.querySelector('td:nth-child(2)')?.textContent);
    expect(ids).toEqual(['surest', 'unsure', 'better', 'unknown', 'same']);
  });

  test('shows markup, mentions and pipes of a record as text', () => {
    const document = render(githubMarkdown(hostileRecord, 'summary'));
    const allowed = 'BODY H2 P UL LI TABLE THEAD TBODY TR TH TD CODE STRONG DETAILS SUMMARY';
    const tags = new Set([...document.querySelectorAll('*')].map(({ tagName }) => tagName));
    expect([...tags].filter((tag) => !`HTML HEAD ${allowed}`.split(' ').includes(tag))).toEqual([]);
    for (const table of document.querySelectorAll('table')) {
      const widths = [...table.querySelectorAll('tr')].map((tr) => tr.children.length);
      expect(new Set(widths).size).toBe(1);
    }
    expect(document.querySelector('h2')?.textContent).toContain('<script>');
    // What is outside of code spans would be a mention.
    for (const span of document.querySelectorAll('code')) span.remove();
    expect(document.textContent).not.toContain('@everyone');
  });

  test.each(['summary', 'comment'] as const)('is cut at the limit of a %s with a word about it', (place) => {
    const many = Array.from({ length: 9000 }, (_, index) => ({ ...ours, id: `${index} ${'é'.repeat(50)}` }));
    const reasons = Array.from({ length: 2000 }, (_, index) => ({ gate: 'time' as const, message: `slow ${index}` }));
    const text = githubMarkdown({ ...recordOf(many), verdict: { status: 'wrong', reasons } }, place);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(GITHUB_LIMITS[place]);
    expect(text).toMatch(/… and \d+ more rows, in the record\./);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });

  test('is whole where it fits', () => {
    expect(githubMarkdown(exampleRecord, 'comment')).not.toContain('more rows');
  });
});

describe('export', () => {
  test('prints a format, or writes its files into a folder', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'run.json');
    await writeFile(file, writeRecord(exampleRecord));
    const { code, out } = await runCommand('export', 'bencher', file);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(bencherMetrics(exampleRecord))));
    const written = await runCommand('export', 'github-action-benchmark', file, '--out', folder);
    expect(written.out.split('\n')).toEqual([
      `Wrote ${join(folder, 'smaller-is-better.json')}`,
      `Wrote ${join(folder, 'bigger-is-better.json')}`,
    ]);
    const bigger = JSON.parse(await readFile(join(folder, 'bigger-is-better.json'), 'utf8')) as unknown[];
    expect(bigger).toHaveLength(2);
  });

  test('refuses to print two files as one, and formats it does not know', async () => {
    expect(await runCommand('export', 'github-action-benchmark', 'run.json')).toEqual({
      code: 2,
      out: '',
      error: "error: github-action-benchmark is of 2 files: option '--out <folder>' is needed",
    });
    expect((await runCommand('export', 'csv', 'run.json')).error).toBe(
      "error: command-argument value 'csv' is invalid for argument 'format'. Allowed choices are github-action-benchmark, bencher, benchstat, github-summary, github-comment.",
    );
  });
});
