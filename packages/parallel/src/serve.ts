import {
  callPreparer,
  type CallOptions,
  type OutputArray,
  type PrepareCall,
  type PreparedCall,
  type Registry,
} from '@surprisal/core';
import { adoptPlugins } from './adopt-plugins.js';
import { movable, newArray, type NumberArray } from './arrays.js';
import { sentError } from './errors.js';
import { arrayFrom, type KnownMemories, type SentArray } from './kernel-memory.js';
import type { PartRequest, Reply, Request, SentNumbers, SentOutput } from './messages.js';

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
  readonly memories: KnownMemories;
}

/** What a worker does with requests; each gets one reply. */
export function serve(post: Post): (request: Request) => Promise<void> {
  const state: State = { memories: new Map() };
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
  const { sampleWeights, mask, rowsBefore } = request;
  const { memories } = state;
  const options: CallOptions = {
    ...request.options,
    axis: 1,
    ...(sampleWeights && { sampleWeights: tensorOf(sampleWeights, memories) }),
    ...(mask && { mask: tensorOf(mask, memories) }),
    ...(gradient && { gradient: outputOf(gradient, memories) }),
    ...(losses && { losses: outputOf(losses, memories) }),
  };
  const [logits, targets] = [tensorOf(request.logits, memories), tensorOf(request.targets, memories)];
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

function tensorOf(
  numbers: SentNumbers,
  memories: KnownMemories,
): Omit<SentNumbers, 'data'> & { readonly data: NumberArray } {
  return { ...numbers, data: arrived(numbers.data, memories) };
}

function outputOf(output: SentOutput, memories: KnownMemories): OutputArray {
  return 'into' in output ? arrived(output.into, memories) : (newArray(output.make, output.length) as OutputArray);
}

function arrived<Numbers extends NumberArray | OutputArray>(
  data: Numbers | SentArray,
  memories: KnownMemories,
): Numbers {
  return 'of' in data ? (arrayFrom(data, memories) as Numbers) : data;
}

function isMade(output: SentOutput | undefined): boolean {
  return output !== undefined && 'make' in output;
}
