import assert from 'node:assert/strict';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { createPool } from '@surprisal/parallel';

const plugins = ['@surprisal/categorical', '@surprisal/label-smoothing'].map((name) => import.meta.resolve(name));
const pool = createPool({ plugins, workers: 3 });
const loss = labelSmoothed(categoricalCrossEntropy({ classes: 7 }), { smoothing: 0.1 });
const logits = new Float32Array(new SharedArrayBuffer(4 * 700)).map((_, index) => Math.sin(index) * 5);
const labels = Int32Array.from({ length: 100 }, (_, row) => (row * 3) % 7);

const options = { gradient: true, losses: true };
assert.deepEqual(await pool.evaluate(loss, logits, labels, options), loss.evaluate(logits, labels, options));
await assert.rejects(
  pool.value(
    loss,
    logits,
    labels.map((label) => label - 1),
  ),
  {
    name: 'RangeError',
    message: /^label-smoothed: "targets\[0\]" expected an integer class index in 0\.\.6, got -1;/,
  },
);
// The pool stays open: an idle one must not keep the process.
