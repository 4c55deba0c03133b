import { defineWrapper, type Loss, type Plugin } from '@surprisal/core';
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { changed, factsOf, withFacts, withFault, withLosses, withTraits, type Mutant } from './mutate.js';
import { margined } from '../testing-plugins/margined.js';
import { tempered } from '../testing-plugins/tempered.js';

const bases = [categoricalCrossEntropy, binaryCrossEntropy];
const smooth = labelSmoothed as unknown as (loss: Loss, options: { smoothing: number }) => Loss;

/** Pushes class 0, whichever that is. */
const favouring: Plugin = defineWrapper<'favouring', object, 'softmax'>({
  name: 'favouring',
  links: ['softmax'],
  options: {},
  steps: (_, loss) => [
    {
      kind: 'affine',
      scale: 1,
      offsets: Array.from({ length: loss.classes ?? 2 }, (_item, index) => (index === 0 ? 1 : 0)),
    },
  ],
  traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: () => [{}],
});

/** The plugin with another `check`. */
const checkedBy = (plugin: Plugin, check: (options: object) => object): Plugin =>
  withFacts((...args) => (plugin as unknown as (...all: unknown[]) => Loss)(...args), { ...factsOf(plugin), check });

/** Plugins that say or compose something wrong. */
export const pluginMutants: readonly Mutant[] = [
  {
    fault: 'smoothing is never less than a tenth',
    law: 'with its identity options a wrapper changes nothing',
    options: { bases, identity: { smoothing: 0 } },
    plugin: withFacts(
      (loss, options) =>
        smooth(loss as Loss, { smoothing: Math.max(0.1, (options as { smoothing: number }).smoothing) }),
      labelSmoothed,
    ),
  },
  {
    fault: 'the temperature is not looked at',
    law: 'with other options a wrapper changes something',
    options: { bases },
    plugin: withFacts(
      (loss) => (tempered as unknown as (...args: unknown[]) => Loss)(loss, { temperature: 1 }),
      tempered,
    ),
  },
  {
    fault: 'the smoothing part of ignored rows stays',
    law: 'a row with an ignored label is as if it were not there',
    options: { bases },
    plugin: withFault(labelSmoothed, (evaluate) => (...call) => {
      const evaluation = evaluate(...call);
      const sum = evaluation.sum[0] + 0.1 * evaluation.ignored;
      return changed(evaluation, { sum: [sum, 0], value: evaluation.value + 0.1 * evaluation.ignored });
    }),
  },
  {
    fault: 'indices are smoothed and rows are not',
    law: 'a class index is the one-hot row of that class',
    options: { bases },
    plugin: withFacts((loss, options) => {
      const [bare, smoothed] = [loss as Loss, smooth(loss as Loss, options as { smoothing: number })];
      const isIndex = (targets: unknown): boolean =>
        (targets as { readonly dims?: readonly number[] }).dims?.length === 1;
      const evaluate: Loss['evaluate'] = (logits, targets, given) =>
        (isIndex(targets) ? smoothed : bare).evaluate(logits, targets, given);
      return { ...smoothed, evaluate };
    }, labelSmoothed),
  },
  {
    fault: 'two classes are computed apart, and worse',
    law: 'the softmax of two classes is the sigmoid of their difference',
    options: { bases: [binaryCrossEntropy] },
    plugin: withFault(categoricalCrossEntropy, (evaluate) => (...call) => {
      const evaluation = evaluate(...call);
      return changed(evaluation, { weight: [evaluation.weight[0] * (1 + 1e-9), 0] });
    }),
  },
  {
    fault: 'a class is favoured by its number',
    law: 'renaming the classes renames the gradient and leaves the losses',
    options: { bases: [categoricalCrossEntropy({ classes: 3 })] },
    plugin: favouring,
  },
  {
    fault: 'the labels of a row share their gain',
    law: 'the labels of a row are losses of their own',
    options: {},
    plugin: withFault(binaryCrossEntropy, (evaluate) => (...call) => {
      const evaluation = evaluate(...call);
      return changed(evaluation, { sum: [evaluation.sum[0] + 1e-6, 0] });
    }),
  },
  {
    fault: 'a margin takes itself for a loss of probabilities',
    law: 'the gradient is that of the value returned',
    options: { bases },
    plugin: withTraits(margined, { needsIndexTargets: false }),
  },
  {
    fault: 'a loss says that it needs labels, and takes probabilities',
    law: 'a loss that needs labels refuses probability targets',
    options: {},
    plugin: withTraits(categoricalCrossEntropy, { needsIndexTargets: true }),
  },
  {
    fault: 'check takes anything',
    law: 'check takes its own examples and refuses unknown keys',
    options: {},
    plugin: checkedBy(categoricalCrossEntropy, (options) => options),
  },
  {
    fault: 'a wrapper takes anything',
    law: 'a wrapper refuses what it cannot wrap',
    options: { bases },
    plugin: withFacts((loss, options) => {
      const whole = (loss as Loss | undefined)?.plan !== undefined && (loss as Loss).link.name !== 'none';
      return (tempered as unknown as (...args: unknown[]) => Loss)(whole ? loss : categoricalCrossEntropy(), options);
    }, tempered),
  },
  {
    fault: 'a plugin has a name with capitals',
    law: 'a plugin says what it is',
    options: {},
    plugin: withFacts((...args) => (categoricalCrossEntropy as (...all: unknown[]) => Loss)(...args), {
      ...factsOf(categoricalCrossEntropy),
      name: 'CrossEntropy',
    }),
  },
  {
    fault: 'JSON forgets the temperature where it is 2',
    law: 'JSON in, same loss out',
    options: { bases },
    plugin: withLosses(tempered, (loss) => ({ ...loss, toJSON: () => ({ ...loss.toJSON(), temperature: 1 }) })),
  },
  {
    fault: 'JSON has a null',
    law: 'the JSON of a loss is plain, and names the loss',
    options: {},
    plugin: withLosses(binaryCrossEntropy, (loss) => ({ ...loss, toJSON: () => ({ ...loss.toJSON(), clip: null }) })),
  },
];
