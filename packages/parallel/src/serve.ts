import {
  callPreparer,
  type CallOptions,
  type OutputArray,
  type PrepareCall,
  type PreparedCall,
  type Registry,
} from '@surprisal/core';
import { adoptPlugins } from './adopt-plugins.js';
import { movable, newArray } from './arrays.js';
import { sentError } from './errors.js';
import type { PartRequest, Reply, Request, SentOutput } from './messages.js';

/** How a worker answers: the reply, and memory that moves with it. */
export type Post = (reply: Reply, transfer: readonly ArrayBufferLike[]) => void;

interface Part {
  readonly call: PreparedCall;
  readonly gradient: SentOutput | undefined;
  readonly losses: SentOutput | undefined;
}

interface State {
  registry?: Registry;
  /** How calls of the last loss are taken apart. */
  prepare?: PrepareCall;
  /** The rows that were counted and wait to be computed. */
  part?: Part | undefined;
}

/** What a worker does with requests; each gets one reply. */
export function serve(post: Post): (request: Request) => Promise<void> {
  const state: State = {};
  return async (request) => {
    try {
      const reply = await answer(state, request);
      post(reply, reply.kind === 'computed' ? movable([reply.gradient, reply.losses]) : []);
    } catch (error) {
      state.part = undefined;
      post({ kind: 'failed', error: sentError(error) }, []);
    }
  };
}

async function answer(state: State, request: Request): Promise<Reply> {
  switch (request.kind) {
    case 'start':
      state.registry = await adoptPlugins(request.plugins);
      return { kind: 'ready', names: state.registry.names };
    case 'count':
      return count(state, request);
    case 'compute':
      return compute(state, request.gradientScale);
    case 'drop':
      state.part = undefined;
      return { kind: 'dropped' };
  }
}

function count(state: State, { loss, gradient, losses, ...request }: PartRequest): Reply {
  if (loss !== undefined) {
    delete state.prepare;
    const made = state.registry?.fromJSON(JSON.parse(loss));
    if (made !== undefined) state.prepare = callPreparer(made);
  }
  const { logits, targets, sampleWeights, mask, rowsBefore } = request;
  const options: CallOptions = {
    ...request.options,
    axis: 1,
    ...(sampleWeights && { sampleWeights }),
    ...(mask && { mask }),
    ...(gradient && { gradient: outputOf(gradient) }),
    ...(losses && { losses: outputOf(losses) }),
  };
  const call = state.prepare?.(logits, targets, options, rowsBefore);
  if (call === undefined) throw new Error('pool: "loss" expected a loss before rows, got none');
  const counts = call.count();
  state.part = { call, gradient, losses };
  return { kind: 'counted', counts };
}

function compute(state: State, gradientScale: number): Reply {
  const { part } = state;
  if (part === undefined) throw new Error('pool: "compute" expected rows that were counted, got none');
  state.part = undefined;
  const { gradient, losses, ...evaluation } = part.call.compute(gradientScale);
  return {
    kind: 'computed',
    evaluation,
    ...(gradient && isMade(part.gradient) && { gradient }),
    ...(losses && isMade(part.losses) && { losses }),
  };
}

function outputOf(output: SentOutput): OutputArray {
  return 'into' in output ? output.into : (newArray(output.make, output.length) as OutputArray);
}

function isMade(output: SentOutput | undefined): boolean {
  return output !== undefined && 'make' in output;
}
