import { mergeEvaluations, type CallEvaluation, type EvaluationData, type PreparedCall } from '@surprisal/core';
import { throwIfAborted, whileListening, type AbortSignalLike } from './abort.js';
import { putBack } from './arrays.js';
import { errorFrom } from './errors.js';
import type { Reply } from './messages.js';
import { partRequest, rangeOf } from './part-request.js';
import { refuseUnknownPlugins, type PoolLoss } from './pool-loss.js';
import { splitRows, type RowPart } from './split-rows.js';
import type { WorkerSlot } from './worker-slot.js';

type ReplyOf<Kind> = Extract<Reply, { readonly kind: Kind }>;

/** A worker and its rows. */
interface Member {
  readonly slot: WorkerSlot;
  readonly rows: RowPart;
}

/**
 * A call over workers. First each checks and counts its rows, so that nothing has been written when a target or a
 * weight is refused, and the scale of the gradient is that of the whole. Then each computes. Sums are exact, so the
 * split leaves no trace in the result.
 */
export async function runCall(
  call: PreparedCall,
  loss: PoolLoss,
  slots: readonly WorkerSlot[],
  signal: AbortSignalLike | undefined,
): Promise<CallEvaluation> {
  const parts = splitRows(call.layout, slots.length);
  const team = slots.slice(0, Math.max(1, parts.length));
  const members = parts.flatMap((rows, index) => team.slice(index, index + 1).map((slot) => ({ slot, rows })));
  const stop = (): void => team.forEach((slot) => void slot.stop(signal?.reason));
  try {
    return await whileListening(signal, stop, async () => {
      refuseUnknownPlugins(loss, await readyNames(team));
      if (members.length === 0) return withoutRows(call);
      return computeParts(call, members, await countParts(call, loss, members));
    });
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  }
}

/** Names of the plugins that the workers have; a worker that could not import them makes room for another. */
async function readyNames(team: readonly WorkerSlot[]): Promise<readonly string[]> {
  const replies = await settled(team.map((slot) => slot.ready()));
  const failed = failureIn(replies);
  if (failed === undefined) return replies.flatMap((reply) => (reply.kind === 'ready' ? reply.names : []));
  await Promise.all(team.map((slot) => slot.stop(failed)));
  throw failed;
}

/** The first step: what the whole call counts, and with it the scale of its gradient. */
async function countParts(call: PreparedCall, loss: PoolLoss, members: readonly Member[]): Promise<number> {
  const replies = await settled(
    members.map(({ slot, rows }) => {
      const json = slot.hasLoss(loss) ? undefined : loss.json;
      const { request, transfer } = partRequest(call, rows, json, slot.places);
      return slot.ask(request, transfer);
    }),
  );
  try {
    const failed = failureIn(replies);
    if (failed === undefined) return call.gradientScale(mergeEvaluations(...countsIn(replies)));
    // Counted once more here, what is wrong first is named first, with its position in the whole.
    call.count();
    throw failed;
  } catch (error) {
    await settled(members.map(({ slot }) => slot.ask({ kind: 'drop' })));
    throw error;
  }
}

/** The second step: losses and gradients. */
async function computeParts(
  call: PreparedCall,
  members: readonly Member[],
  gradientScale: number,
): Promise<CallEvaluation> {
  try {
    const replies = await settled(members.map(({ slot }) => slot.ask({ kind: 'compute', gradientScale })));
    const failed = failureIn(replies);
    if (failed !== undefined) throw failed;
    const computed = replies.flatMap((reply) => (reply.kind === 'computed' ? [reply] : []));
    for (const [index, { rows }] of members.entries()) collect(call, rows, computed[index]);
    return call.merge(computed.map(({ evaluation }) => evaluation));
  } catch (error) {
    call.spoil();
    throw error;
  }
}

/** Copies back what a worker could not write into the caller's memory. */
function collect(call: PreparedCall, rows: RowPart, reply: ReplyOf<'computed'> | undefined): void {
  for (const name of ['gradient', 'losses'] as const) {
    const output = call[name];
    const values = reply?.[name];
    if (output && values) putBack(output.data, values, rangeOf(output, call, rows)[0]);
  }
}

/** There is nothing to send: this thread looks at no row as fast as another. */
function withoutRows(call: PreparedCall): CallEvaluation {
  return call.compute(call.gradientScale(call.count()));
}

function failureIn(replies: readonly Reply[]): Error | undefined {
  const failed = replies.find((reply) => reply.kind === 'failed');
  return failed && errorFrom(failed.error);
}

function countsIn(replies: readonly Reply[]): EvaluationData[] {
  return replies.flatMap((reply) => (reply.kind === 'counted' ? [reply.counts] : []));
}

/** All replies, once nobody works any more; rejects with the death of the first worker that died, in the order of the rows. */
async function settled(asked: readonly Promise<Reply>[]): Promise<Reply[]> {
  await Promise.allSettled(asked);
  return Promise.all(asked);
}
