import { drawBatch, logitsOf, targetsOf, type Batch } from '../batch.js';
import { random } from '../random.js';
import type { Subject } from '../subject.js';
import { badArguments, badOutputs } from './bad-arguments.js';
import { ROWS, type BadCall, type Change } from './bad-call.js';
import { badOptions, badWeights } from './bad-options.js';
import { badElements, badLabels, badRows } from './bad-targets.js';

/** Every bad call that applies to a loss. */
export function badCalls(subject: Subject): readonly BadCall[] {
  const hard = drawBatch(subject, random(subject.seed), { rows: ROWS });
  const changes = [...badArguments(subject, hard), ...badOptions(subject), ...badWeights, ...badOutputs(hard)];
  const own = subject.layout === 'classes' ? badLabels(subject, hard) : badElements(subject, hard);
  const calls = [...changes, ...own].map((change) => applied(hard, change));
  if (subject.traits.needsIndexTargets || subject.layout === 'elements') return calls;
  const soft = drawBatch(subject, random(subject.seed), { rows: ROWS, targets: 'soft' });
  return [...calls, ...badRows(subject, soft).map((change) => applied(soft, change))];
}

function applied(batch: Batch, { options = {}, ...change }: Change): BadCall {
  return { logits: logitsOf(batch), targets: targetsOf(batch), ...change, options } as BadCall;
}
