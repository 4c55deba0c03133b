// What a worker does with requests, without a worker: the other tests see it from outside only.
import { expect, it } from 'vitest';
import { mergeEvaluations } from '@surprisal/core';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { PartRequest, Reply, Request } from './messages.js';
import { serve } from './serve.js';
import { buildModules } from './testing/build-modules.js';

const logits = { data: Float32Array.of(1, 2, 0.5, 0.1, -1, 3), dims: [2, 3, 1] };
const targets = { data: Int32Array.of(1, 2), dims: [2, 1] };
const partOfTheLastLoss: PartRequest = {
  kind: 'count',
  logits,
  targets,
  gradient: { make: 'Float32Array', length: 6 },
  losses: { into: new Float32Array(2) },
  options: {},
  rowsBefore: 10,
};
const part: PartRequest = { ...partOfTheLastLoss, loss: JSON.stringify(categoricalCrossEntropy()) };
const bad = { data: Float32Array.of(1, 2, 0.5, 0.1, NaN, 3), dims: [2, 3, 1] };

it('answers every request once, in step', async () => {
  const modules = await buildModules();
  const replies = await repliesTo([
    { kind: 'start', plugins: [modules.url('categorical'), modules.url('categorical')] },
    part,
    { kind: 'compute', gradientScale: 0.5 },
    { kind: 'compute', gradientScale: 0.5 },
    part,
    { kind: 'drop' },
    { kind: 'compute', gradientScale: 0.5 },
    { ...part, loss: '{ "version": 1, "loss": "focal" }' },
    partOfTheLastLoss,
    part,
    { ...partOfTheLastLoss, logits: bad },
    { kind: 'compute', gradientScale: 0.5 },
  ]);
  await modules.remove();
  expect(replies.map(({ kind }) => kind).join(' ')).toBe(
    'ready counted computed failed counted dropped failed failed failed counted counted failed',
  );
  const whole = categoricalCrossEntropy().evaluate(logits, targets, { axis: 1, gradient: true });
  const { evaluation, gradient, losses } = replies[2] as Extract<Reply, { kind: 'computed' }>;
  expect(mergeEvaluations(evaluation)).toEqual(mergeEvaluations(whole));
  expect(gradient).toEqual(whole.gradient);
  expect(losses).toBeUndefined();
  const messages = replies.flatMap((reply) => (reply.kind === 'failed' ? [reply.error.message] : []));
  expect(messages).toEqual([
    'pool: "compute" expected rows that were counted, got none',
    'pool: "compute" expected rows that were counted, got none',
    `fromJSON: "json.loss" expected one of 'categorical-cross-entropy', got 'focal'`,
    'pool: "loss" expected a loss before rows, got none',
    `categorical-cross-entropy: "logits[34]" expected a finite number or -Infinity, got NaN; to let it through as NaN pass invalid: 'propagate'`,
  ]);
});

async function repliesTo(requests: readonly Request[]): Promise<Reply[]> {
  const replies: Reply[] = [];
  const handle = serve((reply) => replies.push(reply));
  for (const request of requests) await handle(request);
  return replies;
}
