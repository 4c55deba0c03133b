import { expect, test } from 'vitest';
import { runBench } from './run-bench.js';
import { reportJson, SCHEMA } from './report-json.js';
import { exitCodeOf } from './run-bench.js';
import { tableText } from './table.js';
import { basics, focal, generalized, slightlyWrong, squared } from './testing.js';

const small = { seed: 1, rows: 5, pairs: true, limit: 400, timing: { repeats: 1, batchMilliseconds: 0 } };
const result = await runBench([...basics, focal, generalized, squared], small);
const wrong = await runBench([...basics, slightlyWrong], { ...small, only: 'slightlyWrong' });

/** The keys of a report at every depth, those of list items once. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === 'definition' ? 'object' : shapeOf(item)]),
  );
}

test('every loss is measured, trained on both data sets, and within its bounds', () => {
  expect(result.heldOut.map(({ classifier }) => classifier.dataset.name)).toEqual(['digits', 'mail']);
  expect(result.failed).toEqual([]);
  expect(new Set(result.measured.map(({ id }) => id)).size).toBe(result.measured.length);
  expect(exitCodeOf(result)).toBe(0);
});

test('the report keeps its shape: whoever reads it relies on these keys', () => {
  expect(SCHEMA).toBe('surprisal-bench/table@1');
  expect(shapeOf(JSON.parse(reportJson(result)))).toEqual({
    schema: 'string',
    ok: 'boolean',
    seed: 'number',
    machine: { os: 'string', arch: 'string', runtime: 'string' },
    classifiers: [
      {
        data: 'string',
        source: 'string',
        classes: 'number',
        features: 'number',
        trainingRows: 'number',
        heldOutRows: 'number',
        comparedRows: 'number',
        before: { logLoss: 'number', accuracy: 'number' },
        after: { logLoss: 'number', accuracy: 'number' },
        plainLoop: { lossError: 'number' },
      },
    ],
    losses: [
      {
        id: 'string',
        composition: 'string',
        options: 'string',
        definition: 'object',
        data: 'string',
        dtype: 'string',
        engine: 'string',
        value: 'number',
        errors: { unit: 'string', rows: 'number', loss: 'number', gradient: 'number' },
        bounds: { loss: 'number', gradient: 'number' },
        ok: 'boolean',
        times: { nanosecondsPerLogit: 'number', plainLoopNanosecondsPerLogit: 'number', plainLoopByOurs: 'number' },
      },
    ],
    skipped: [{ composition: 'string', options: 'string', reason: 'string' }],
    failed: [],
  });
});

test('the report writes numbers that JSON has not as strings, and null for errors without a reference', () => {
  const [first] = result.measured;
  const odd = { ...result, measured: [{ ...first, value: NaN, times: { ...first.times, plainLoopByOurs: Infinity } }] };
  const [loss] = (JSON.parse(reportJson(odd)) as { losses: { value: unknown; times: Record<string, unknown> }[] })
    .losses;
  expect([loss.value, loss.times['plainLoopByOurs']]).toEqual(['NaN', 'Infinity']);
  const report = JSON.parse(reportJson(result)) as { losses: { composition: string; errors: unknown }[] };
  expect(report.losses.find(({ composition }) => composition === 'squared')?.errors).toBeNull();
});

test('the table tells what was trained, each composition, what has no reference, and what was skipped', () => {
  const text = tableText(result);
  expect(text).toMatch(
    /^digits: handwritten digits \(mnist\); a softmax classifier trained with our gradients on 320 images$/m,
  );
  expect(text).toMatch(/^ {2}on 80 mails it never saw: log loss 0\.693 -> \S+, accuracy \S+% -> \S+%$/m);
  expect(text).toMatch(/^labelSmoothed\(classWeighted\(categoricalCrossEntropy\)\) /m);
  expect(text).toMatch(/^squared .*no reference/m);
  expect(text).toContain('Skipped, refused when composed:\n  focal(generalized(categoricalCrossEntropy))');
  expect(text).toMatch(/Losses within their documented error bounds: all 33\.$/);
});

test('a loss that is 1e-6 too large is told, and fails the run', () => {
  expect(exitCodeOf(wrong)).toBe(4);
  expect(tableText(wrong)).toMatch(/^slightlyWrong .* > (?:0\.51|3\.5) /m);
  expect(tableText(wrong)).toMatch(/^WRONG, .*: 6 of 6 losses\.$/m);
  expect((JSON.parse(reportJson(wrong)) as { ok: boolean }).ok).toBe(false);
});
