import type { Call } from '../call.js';
import { makeLoss } from '../make-loss.js';
import type { CallOptions, Logits, Loss } from '../loss.js';
import type { Finding } from './finding.js';

/** Fewer binary logits than this may all lie in [0, 1] by chance. */
const ENOUGH = 16;

/**
 * Whether the logits are probabilities: rows in [0, 1] that sum to one, which the engine itself finds out when it takes
 * them as such. Binary logits, whose elements have no sum, count where there are many of both halves of [0, 1].
 */
export function findGivenProbabilities(
  loss: Loss,
  call: Call,
  logits: Logits,
  options: CallOptions,
): readonly Finding[] {
  if (call.choices.input !== 'logits' || loss.link.name === 'none') return [];
  if (call.logits.length === 0 || (call.unit === 'elements' && call.logits.length < ENOUGH)) return [];
  if (!isTakenAsProbabilities(loss, call, logits, options)) return [];
  return [
    {
      code: 'already-probabilities',
      severity: 'warning',
      argument: 'logits',
      position: 0,
      count: call.logits.length,
      cause:
        call.unit === 'classes'
          ? 'Every row of the logits lies in [0, 1] and sums to one: they look like the output of a softmax, and a second one flattens them.'
          : 'Every logit lies in [0, 1]: they look like the output of a sigmoid, and a second one keeps them above one half.',
      fix: "leave out the model's last activation, or pass input: 'probabilities'",
    },
  ];
}

function isTakenAsProbabilities({ link }: Loss, call: Call, logits: Logits, options: CallOptions): boolean {
  const { axis, classes, labels, mask } = options;
  const plain = makeLoss({ name: 'diagnose', link, plan: [], customs: {}, json: { version: 1, loss: 'diagnose' } });
  const { rowDims, dims } = call.shape;
  const targetDims = call.unit === 'classes' ? rowDims : dims;
  const size = targetDims.reduce((product, dim) => product * dim, 1);
  try {
    plain.value(
      logits,
      { data: new Uint8Array(size), dims: targetDims },
      {
        input: 'probabilities',
        ...(axis !== undefined && { axis }),
        ...(classes !== undefined && { classes }),
        ...(labels !== undefined && { labels }),
        ...(mask !== undefined && { mask }),
        ...(call.unit === 'classes' && classes === undefined && { classes: call.layout.classes }),
      },
    );
    return true;
  } catch {
    return false;
  }
}
