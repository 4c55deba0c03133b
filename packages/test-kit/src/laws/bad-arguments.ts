import type { Batch } from '../batch.js';
import { detached } from '../detached.js';
import type { Subject } from '../subject.js';
import { ROWS, type Change } from './bad-call.js';

/** Logits and targets of the wrong kind, shape or length. */
export function badArguments({ loss, layout, width }: Subject, batch: Batch): readonly Change[] {
  const { logits } = batch;
  const gone = detached(logits);
  return [
    { what: 'no logits', logits: undefined, kind: TypeError, argument: 'logits' },
    { what: 'logits as text', logits: 'logits', kind: TypeError, argument: 'logits' },
    { what: 'logits of integers', logits: Int32Array.from(logits), kind: TypeError, argument: 'logits' },
    {
      what: 'a tensor whose data is a method',
      logits: { data: () => logits, dims: [ROWS, width] },
      kind: TypeError,
      argument: 'logits.data',
      holds: ['await tensor.data()'],
    },
    {
      what: 'a shape that does not fit the data',
      logits: { data: logits, dims: [ROWS + 1, width] },
      kind: RangeError,
      argument: 'logits.data',
    },
    {
      what: 'strides of a view',
      logits: { data: logits, dims: [ROWS, width], strides: [1, ROWS] },
      kind: RangeError,
      argument: 'logits.strides',
    },
    { what: 'no targets', targets: undefined, kind: TypeError, argument: 'targets' },
    {
      what: 'targets of another length',
      targets: { data: new Float64Array(ROWS * width + 1), dims: [ROWS * width + 1] },
      kind: RangeError,
      argument: 'targets',
    },
    ...(gone === undefined
      ? []
      : [
          {
            what: 'a detached buffer',
            logits: { data: gone, dims: [0, width] },
            kind: TypeError,
            argument: 'logits.data',
          },
        ]),
    ...(layout === 'classes' && loss.classes === undefined
      ? [{ what: 'a bare array without a class count', logits, kind: TypeError, argument: 'logits' }]
      : []),
    ...(layout === 'classes'
      ? [
          {
            what: 'one class',
            logits: { data: new Float64Array(ROWS), dims: [ROWS, 1] },
            targets: new Uint8Array(ROWS),
            kind: RangeError,
            argument: 'logits',
          },
        ]
      : []),
  ];
}

/** Outputs of the wrong kind or length. */
export function badOutputs({ logits }: Batch): readonly Change[] {
  return [
    {
      what: 'a gradient buffer of another length',
      options: { gradient: new Float64Array(logits.length + 1) },
      kind: RangeError,
      argument: 'gradient',
    },
    {
      what: 'a gradient buffer of integers',
      options: { gradient: new Int32Array(logits.length) },
      kind: TypeError,
      argument: 'gradient',
    },
    {
      what: 'a losses buffer of another length',
      options: { losses: new Float64Array(logits.length + 1) },
      kind: RangeError,
      argument: 'losses',
    },
  ];
}
