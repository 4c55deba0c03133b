import type { CallNumbers, PreparedCall } from '@surprisal/core';
import { isShared, movable, part, tagOf, type ArrayName } from './arrays.js';
import { sentArray, type SentArray, type WorkerPlaces } from './kernel-memory.js';
import type { PartRequest, SentNumbers, SentOutput } from './messages.js';
import type { RowPart } from './split-rows.js';

/** A request with the memory that moves to the worker. */
export interface PartMessage {
  readonly request: PartRequest;
  readonly transfer: readonly ArrayBufferLike[];
}

/** The rows of a part, as a call of their own: shared memory as views, the rest copied. */
export function partRequest(
  call: PreparedCall,
  rows: RowPart,
  loss: string | undefined,
  places: WorkerPlaces,
): PartMessage {
  const send = (numbers: CallNumbers): SentNumbers => sentNumbers(numbers, call, rows, places);
  const { sampleWeights, mask, gradient, losses } = call;
  const request: PartRequest = {
    kind: 'count',
    ...(loss !== undefined && { loss }),
    logits: send(call.logits),
    targets: send(call.targets),
    ...(sampleWeights && { sampleWeights: send(sampleWeights) }),
    ...(mask && { mask: send(mask) }),
    ...(gradient && { gradient: sentOutput(gradient, call, rows, places) }),
    ...(losses && { losses: sentOutput(losses, call, rows, places) }),
    options: call.options,
    rowsBefore: rows.firstRow,
  };
  const sent = [request.logits, request.targets, request.sampleWeights, request.mask];
  return { request, transfer: movable(sent.map((numbers) => numbers?.data)) };
}

/** Where the numbers of a part begin, and how many there are. */
export function rangeOf({ per }: Pick<CallNumbers, 'per'>, { layout }: PreparedCall, rows: RowPart): [number, number] {
  const width = per === 'row' ? 1 : layout.classes;
  return [rows.firstRow * width, rows.rows * width];
}

function sentNumbers(numbers: CallNumbers, call: PreparedCall, rows: RowPart, places: WorkerPlaces): SentNumbers {
  const [from, length] = rangeOf(numbers, call, rows);
  const { classes, inner } = call.layout;
  return {
    data: travelling(part(numbers.data, from, from + length), places),
    dims: numbers.per === 'row' ? [rows.blocks, inner] : [rows.blocks, classes, inner],
    ...(numbers.half && { type: 'float16' as const }),
  };
}

function sentOutput(
  output: NonNullable<PreparedCall['gradient']>,
  call: PreparedCall,
  rows: RowPart,
  places: WorkerPlaces,
): SentOutput {
  const [from, length] = rangeOf(output, call, rows);
  if (isShared(output.data))
    return { into: travelling(part(output.data, from, from + length) as typeof output.data, places) };
  return { make: tagOf(output.data) as ArrayName, length };
}

/** A part as a worker gets it: with the memory of the kernels where it lies in one. */
function travelling<Numbers>(view: Numbers, places: WorkerPlaces): Numbers | SentArray {
  return (ArrayBuffer.isView(view) ? sentArray(view, places) : undefined) ?? view;
}
