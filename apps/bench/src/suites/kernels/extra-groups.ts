/** What it costs to ask for more than value and gradient, against the call that does not. */
import type { AskedName } from '../../measure/protocol.js';
import { normalInput, own, yardsticks } from '../variants.js';
import { BARE, RELAXED, type KernelGroup } from './groups.js';
import { atMost } from './target.js';

const softmax = { version: 1, loss: 'categorical-cross-entropy' } as const;

const ASKED: readonly AskedName[] = [
  'perClass',
  'accuracy',
  'calibration',
  'floor',
  'argmax',
  'probabilities',
  'hessianDiagonal',
];
const NONE = 'none asked';

/** Predictions are made by the arithmetic of the TypeScript engine, whatever engine computes the loss. */
function extras(id: string, rows: number, classes: number): KernelGroup {
  return {
    id,
    title: `softmax, ${rows.toLocaleString('en-US')} x ${classes.toLocaleString('en-US')}, asked for more than value and gradient`,
    inputs: { main: normalInput(rows, classes) },
    variants: [
      ...yardsticks(),
      own(BARE, softmax, RELAXED),
      own(NONE, softmax, RELAXED, { asks: [] }),
      ...ASKED.map((name) => own(name, softmax, RELAXED, { asks: [name] })),
      own('all', softmax, RELAXED, { asks: ASKED }),
    ],
    // Unasked they cost nothing: 2% is the least difference that the bench calls one.
    targets: [{ id: 'unasked', what: 'nothing asked for, by name, of the bare call', reads: atMost(1.02, NONE, BARE) }],
  };
}

/** Of long rows and of short ones. */
export const EXTRAS: readonly KernelGroup[] = [extras('extras', 1024, 1000), extras('extras-c10', 16_384, 10)];
