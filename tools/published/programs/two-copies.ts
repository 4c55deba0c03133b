// Plugins and losses made by two installed copies of core, side by side: `binary` and `label-smoothing` use the nested
// one, the others the one at the top.
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { createRegistry, lossId, mergeEvaluations, readEvaluation, type Evaluation, type Loss } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';

/** The functions of core that are called on what the other copy made. */
interface Core {
  readonly createRegistry: typeof createRegistry;
  readonly mergeEvaluations: typeof mergeEvaluations;
  readonly readEvaluation: typeof readEvaluation;
}

/** What a program sees; the same numbers whether `core` and `other` are one copy or two. */
export function results(other: Core): readonly unknown[] {
  return [{ createRegistry, mergeEvaluations, readEvaluation }, other].map((core) => resultsWith(core));
}

function resultsWith(core: Core): unknown {
  const registry = core.createRegistry(categoricalCrossEntropy, labelSmoothed, binaryCrossEntropy).use(classWeighted);
  const losses = core
    .createRegistry(binaryCrossEntropy)
    .use(categoricalCrossEntropy, labelSmoothed, positiveWeighted, classWeighted);
  const categorical = registry.create('categorical-cross-entropy', { classes: 3 });
  const wrapped: readonly Loss[] = [
    registry.create('label-smoothed', classWeighted(categorical, { weights: [1, 2, 4] }), { smoothing: 0.1 }),
    registry.create('class-weighted', labelSmoothed(categoricalCrossEntropy(), { smoothing: 0.1 }), {
      weights: [1, 2, 4],
    }),
  ];
  const binary: readonly Loss[] = [
    losses.create('positive-weighted', binaryCrossEntropy(), { weight: 3 }),
    labelSmoothed(positiveWeighted(binaryCrossEntropy(), { weight: 3 }), { smoothing: 0.1 }),
  ];
  return [
    ...wrapped.map((loss) => useLoss(core, loss, losses.fromJSON(roundTrip(loss)), [2, 0])),
    ...binary.map((loss) =>
      useLoss(core, loss, losses.fromJSON(roundTrip(loss)), [
        [0, 1, 0.5],
        [1, 0, 0],
      ]),
    ),
  ];
}

/** A loss and its copy made from JSON evaluate a row each; the merge is the evaluation of both rows. */
function useLoss(core: Core, loss: Loss, copy: Loss, targets: readonly number[] | readonly number[][]): unknown {
  const logits = [
    [0.5, -1, 2],
    [3, 0.25, -0.75],
  ];
  const whole = loss.evaluate(logits, targets);
  const part = (of: Loss, row: number): Evaluation =>
    of.evaluate(logits.slice(row, row + 1), targets.slice(row, row + 1));
  const merged = core.mergeEvaluations(part(loss, 0), core.readEvaluation(roundTrip(part(copy, 1))));
  const { value, gradient } = loss.valueAndGradient(logits, targets);
  return { id: lossId(copy), whole, merged, value, gradient: Array.from(gradient) };
}

function roundTrip(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
