import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { createRegistry, defineLoss, defineWrapper, type Loss, type Plan, type WrapperPlugin } from './index.js';
import { messageOf } from './testing/message-of.js';

const ce = categoricalCrossEntropy();
const bce = binaryCrossEntropy();
const traits = { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false };
const examples = (): readonly never[] => [];

/** A wrapper that adds the steps given. */
function adding(name: string, ...steps: Plan): WrapperPlugin {
  return defineWrapper({ name, links: ['softmax', 'sigmoid'], options: {}, steps: () => steps, traits, examples });
}

const poly = adding('poly', { kind: 'surprisal', terms: [{ coefficient: 1, power: 0, order: 1 }] });
const asymmetric = adding('asymmetric', { kind: 'custom', plugin: 'asymmetric', parameters: {}, replaces: true });
const squared = defineLoss({
  name: 'squared',
  tileRule: () => ({ layout: 'elements', targets: 'real', compute: () => undefined }),
  options: {},
  traits,
  examples,
});

const distance = defineLoss({
  name: 'distance',
  tileRule: () => ({ layout: 'classes', targets: 'real', compute: () => undefined }),
  options: {},
  traits,
  examples,
});

const COMPOSITIONS: readonly (readonly [string, () => unknown, string])[] = [
  [
    'an unknown option',
    () => labelSmoothed(ce, { smoothing: 0.1, rate: 1 } as never),
    `TypeError: label-smoothed: "options" expected one of the options smoothing, spread, got 'rate'`,
  ],
  [
    'an option where there is none',
    () => binaryCrossEntropy({ classes: 2 } as never),
    `TypeError: binary-cross-entropy: "options" expected no options, got 'classes'`,
  ],
  [
    'options that are no object',
    () => labelSmoothed(ce, 0.1 as never),
    'TypeError: label-smoothed: "options" expected an object, got 0.1',
  ],
  [
    'a missing option',
    () => labelSmoothed(ce, {} as never),
    'TypeError: label-smoothed: "smoothing" expected a finite number in [0, 1], got nothing',
  ],
  [
    'smoothing above 1',
    () => labelSmoothed(ce, { smoothing: 1.5 }),
    'RangeError: label-smoothed: "smoothing" expected a finite number in [0, 1], got 1.5',
  ],
  [
    'smoothing of NaN',
    () => labelSmoothed(ce, { smoothing: Number.NaN }),
    'RangeError: label-smoothed: "smoothing" expected a finite number in [0, 1], got NaN',
  ],
  [
    'smoothing of a string',
    () => labelSmoothed(ce, { smoothing: '0.1' as never }),
    `TypeError: label-smoothed: "smoothing" expected a finite number in [0, 1], got '0.1'`,
  ],
  [
    'another spread',
    () => labelSmoothed(ce, { smoothing: 0.1, spread: 'some' as never }),
    `RangeError: label-smoothed: "spread" expected one of 'all', 'others', got 'some'`,
  ],
  [
    'too much smoothing over the others',
    () => labelSmoothed(ce, { smoothing: 0.6, spread: 'others' }).value([[1, 2]], [0]),
    `RangeError: label-smoothed: "smoothing" expected at most (C - 1) / C = 0.5 with spread: 'others', got 0.6`,
  ],
  [
    'a class count of 1',
    () => categoricalCrossEntropy({ classes: 1 }),
    'RangeError: categorical-cross-entropy: "classes" expected an integer of at least 2, got 1',
  ],
  [
    'a fractional class count',
    () => categoricalCrossEntropy({ classes: 2.5 }),
    'RangeError: categorical-cross-entropy: "classes" expected an integer of at least 2, got 2.5',
  ],
  [
    'a negative class weight',
    () => classWeighted(ce, { weights: [1, -1] }),
    'RangeError: class-weighted: "weights[1]" expected a finite number of at least 0, got -1',
  ],
  [
    'class weights that are no numbers',
    () => classWeighted(ce, { weights: ['1'] as never }),
    'TypeError: class-weighted: "weights" expected an array of numbers, got Array of length 1',
  ],
  [
    'no class weights',
    () => classWeighted(ce, { weights: [] }),
    'RangeError: class-weighted: "weights" expected at least one number, got Array of length 0',
  ],
  [
    'class weights that disagree',
    () => classWeighted(classWeighted(ce, { weights: [1, 2] }), { weights: [1, 2, 3] }),
    'RangeError: class-weighted: "weights" expected 2 numbers, one per class, got 3',
  ],
  [
    'class weights other than the stated classes',
    () => classWeighted(categoricalCrossEntropy({ classes: 3 }), { weights: [1, 2] }),
    'RangeError: class-weighted: "weights" expected 3 numbers, one per class, got 2',
  ],
  [
    'three class weights for a binary loss',
    () => classWeighted(bce, { weights: [1, 2, 3] }),
    'RangeError: class-weighted: "weights" expected 2 numbers for a binary loss, one per outcome [negative, positive], got 3; weights per label of a multi-label row are the call option labelWeights',
  ],
  [
    'a positive weight over classes',
    () => positiveWeighted(ce as never, { weight: 2 }),
    `TypeError: positive-weighted: "loss" expected a loss with the sigmoid link, got 'categorical-cross-entropy' with the softmax link`,
  ],
  [
    'a negative positive weight',
    () => positiveWeighted(bce, { weight: -2 }),
    'RangeError: positive-weighted: "weight" expected a finite number of at least 0, got -2',
  ],
  [
    'a positive weight of a string',
    () => positiveWeighted(bce, { weight: '2' as never }),
    `TypeError: positive-weighted: "weight" expected a finite number of at least 0, or an array of such, got '2'`,
  ],
  [
    'positive weights that disagree',
    () => positiveWeighted(positiveWeighted(bce, { weight: [1, 2] }), { weight: [1, 2, 3] }),
    'RangeError: positive-weighted: "weight" expected 2 weights, one per label, got 3',
  ],
  [
    'the plugin instead of a loss',
    () => labelSmoothed(categoricalCrossEntropy as never, { smoothing: 0.1 }),
    'TypeError: label-smoothed: "loss" expected a loss, got a function; call the plugin: categoricalCrossEntropy()',
  ],
  [
    'the options instead of a loss',
    () => labelSmoothed({ smoothing: 0.1 } as never, ce as never),
    'TypeError: label-smoothed: "loss" expected a loss, got an object (Object); pass the loss first and the options second',
  ],
  [
    'a loss of another contract',
    () => labelSmoothed({ ...ce, version: 2 } as never, { smoothing: 0.1 }),
    'TypeError: label-smoothed: "loss" expected a loss of contract version 1, got version 2',
  ],
  [
    'a loss without a plan',
    () => labelSmoothed(squared() as never, { smoothing: 0.1 }),
    `TypeError: label-smoothed: "loss" expected a loss with a plan, got 'squared', which computes by a rule of its own`,
  ],
  [
    'a second surprisal',
    () => poly(poly(ce)),
    'TypeError: poly: "loss" expected a loss whose surprisal is still cross-entropy, got one that already has another surprisal; a plan has one surprisal: leave one of the two wrappers out',
  ],
  [
    'a surprisal over one that was replaced',
    () => poly(asymmetric(bce)),
    'TypeError: poly: "loss" expected a loss whose surprisal is still cross-entropy, got one that already has another surprisal; a plan has one surprisal: leave one of the two wrappers out',
  ],
  [
    'a step that core does not know',
    () => adding('future', { kind: 'quantum' } as never)(ce),
    `TypeError: future: "plan" expected steps of the kinds scale, mix, affine, softcap, classMask, margin, surprisal, partition, custom, got 'quantum'; a newer @surprisal/core may know it`,
  ],
  [
    'a class mask on a binary loss',
    () => adding('masked', { kind: 'classMask', allowed: [true, false] })(bce),
    `TypeError: masked: "loss" expected a loss with the softmax link for a step 'classMask', got one with the sigmoid link`,
  ],
  [
    'a class mask that leaves one class',
    () => adding('masked', { kind: 'classMask', allowed: [true, false] })(ce).value([[1, 2]], [0]),
    'RangeError: masked: "allowed" expected at least 2 classes left by the class mask, got 1',
  ],
  [
    'weights by label over classes',
    () => adding('labelled', { kind: 'scale', by: 'label', weights: [1, 2], counted: false })(ce),
    'TypeError: labelled: "loss" expected a loss with the sigmoid link for weights per label, got one with the softmax link',
  ],
  [
    'negative terms over classes',
    () => adding('two-sided', { kind: 'surprisal', terms: [], negativeTerms: [] })(ce),
    'TypeError: two-sided: "loss" expected a loss with the sigmoid link for terms of the negative outcome, got one with the softmax link',
  ],
  [
    'terms with a shift over classes',
    () => adding('shifted', { kind: 'surprisal', terms: [{ coefficient: 1, power: 0, order: 0, shift: 0.1 }] })(ce),
    'TypeError: shifted: "loss" expected a loss with the sigmoid link for terms with a shift, got one with the softmax link',
  ],
  [
    'a shift above 1',
    () => adding('shifted', { kind: 'surprisal', terms: [{ coefficient: 1, power: 0, order: 0, shift: 1.5 }] })(bce),
    'RangeError: shifted: "shift" expected a number in [0, 1] for a term, got 1.5',
  ],
  [
    'a shift of the negative outcome that is no number',
    () =>
      adding('shifted', {
        kind: 'surprisal',
        terms: [],
        negativeTerms: [{ coefficient: 1, power: 0, order: 0, shift: NaN }],
      })(bce),
    'RangeError: shifted: "shift" expected a number in [0, 1] for a term, got NaN',
  ],
  [
    'a custom step without its function',
    () => asymmetric(bce, {}).value([1], [1]),
    `TypeError: asymmetric: "plan" expected the custom function of plugin 'asymmetric', got a plan without it`,
  ],
  [
    'margins for three outcomes of a binary loss',
    () => adding('margins', { kind: 'margin', margins: [1, 2, 3] })(bce),
    'RangeError: margins: "margins" expected 2 numbers for a binary loss, one per outcome [negative, positive], got 3',
  ],
  [
    'probabilities under a margin',
    () => adding('margins', { kind: 'margin', margins: [1, 2] })(ce).value([[1, 2]], [[0.5, 0.5]]),
    'TypeError: margins: "targets" expected class indices, which a margin needs, got probabilities',
  ],
  [
    'a soft binary target under a margin',
    () => adding('margins', { kind: 'margin', margins: [1, 2] })(bce).value([1, 2], [0.5, 1]),
    'RangeError: margins: "targets[0]" expected 0 or 1, which a margin needs, got 0.5',
  ],
  [
    'probabilities under a temperature',
    () => adding('cooled', { kind: 'affine', scale: 2 })(ce).value([[0.5, 0.5]], [0], { input: 'probabilities' }),
    `TypeError: cooled: "input" expected 'logits' for a loss with a step 'affine', got input: 'probabilities'`,
  ],
  [
    'probabilities for a rule of its own',
    () => squared().value([0.5], [0.5], { input: 'probabilities' }),
    `TypeError: squared: "input" expected 'logits' for this loss, got 'probabilities'`,
  ],
  [
    'a NaN logit for a rule of its own',
    () => squared().value([1, Number.NaN], [1, 2]),
    `RangeError: squared: "logits[1]" expected a number, got NaN; to let it through as NaN pass invalid: 'propagate'`,
  ],
  [
    'an infinite target for a rule of its own',
    () => squared().value([1, 2], [1, Infinity]),
    'RangeError: squared: "targets[1]" expected a finite number, got Infinity',
  ],
  [
    'a NaN target row for a rule of its own',
    () => distance().value([[1, 2]], [[1, Number.NaN]]),
    'RangeError: distance: "targets[1]" expected a finite number, got NaN',
  ],
  [
    'a reserved option name',
    () => defineLoss({ name: 'odd', link: ce.link, options: { of: { kind: 'number' } }, traits, examples }),
    `TypeError: odd: "options" expected names other than loss, of, version, got 'of'`,
  ],
];

const registry = createRegistry(binaryCrossEntropy, categoricalCrossEntropy, labelSmoothed);
const impostor = defineLoss({ name: 'binary-cross-entropy', link: bce.link, options: {}, traits, examples });
const nested = (depth: number): object =>
  depth === 0 ? { loss: 'binary-cross-entropy' } : { loss: 'label-smoothed', smoothing: 0, of: nested(depth - 1) };

const REGISTRY: readonly (readonly [string, () => unknown, string])[] = [
  [
    'a wrong name',
    () => (registry.create as (name: string) => unknown)('binary'),
    `RangeError: registry: "name" expected one of 'binary-cross-entropy', 'categorical-cross-entropy', 'label-smoothed', got 'binary'`,
  ],
  [
    'a wrong option',
    () => registry.create('categorical-cross-entropy', { classes: '2' as never }),
    `TypeError: categorical-cross-entropy: "classes" expected an integer of at least 2, got '2'`,
  ],
  [
    'another plugin under a taken name',
    () => registry.use(impostor as never),
    `RangeError: createRegistry: "plugins[0]" expected a name that no other plugin has, got 'binary-cross-entropy'`,
  ],
  [
    'something that is no plugin',
    () => createRegistry(bce as never),
    'TypeError: createRegistry: "plugins[0]" expected a plugin of contract version 1, got an object (Object); plugins are made by defineLoss and defineWrapper',
  ],
  [
    'nothing as a plugin',
    () => createRegistry(undefined as never),
    'TypeError: createRegistry: "plugins[0]" expected a plugin of contract version 1, got undefined; plugins are made by defineLoss and defineWrapper',
  ],
  [
    'JSON that is no object',
    () => registry.fromJSON('loss'),
    `TypeError: fromJSON: "json" expected an object, got 'loss'`,
  ],
  [
    'JSON of another version',
    () => registry.fromJSON({ version: 2, loss: 'binary-cross-entropy' }),
    'RangeError: fromJSON: "json.version" expected 1, got 2',
  ],
  [
    'JSON without a version',
    () => registry.fromJSON({ loss: 'binary-cross-entropy' }),
    'RangeError: fromJSON: "json.version" expected 1, got undefined',
  ],
  [
    'JSON of an unknown loss',
    () => registry.fromJSON({ version: 1, loss: 'label-smoothed', smoothing: 0, of: { loss: 'focal' } }),
    `RangeError: fromJSON: "json.of.loss" expected one of 'binary-cross-entropy', 'categorical-cross-entropy', 'label-smoothed', got 'focal'`,
  ],
  [
    'JSON of a wrapper of nothing',
    () => registry.fromJSON({ version: 1, loss: 'label-smoothed', smoothing: 0 }),
    'TypeError: fromJSON: "json.of" expected an object, got undefined',
  ],
  [
    'JSON of a loss that wraps one',
    () => registry.fromJSON({ version: 1, loss: 'binary-cross-entropy', of: {} }),
    `TypeError: fromJSON: "json.of" expected nothing, since 'binary-cross-entropy' wraps no loss, got an object (Object)`,
  ],
  [
    'JSON nested too deep',
    () => registry.fromJSON({ version: 1, ...nested(65) }),
    'RangeError: fromJSON: "json.of.of.of.of.of.of.of.of.of.of.of.of" expected at most 64 wrappers around a loss, got more',
  ],
];

describe('a composition that makes no sense', () => {
  it.each(COMPOSITIONS)('is refused: %s', (_, call, message) => {
    expect(messageOf(call)).toBe(message);
  });
});

describe('the registry', () => {
  it.each(REGISTRY)('refuses %s', (_, call, message) => {
    expect(messageOf(call)).toBe(message);
  });

  it('takes the same plugin twice as once, in the order of first mention, and stays frozen', () => {
    const more = registry.use(labelSmoothed, binaryCrossEntropy, classWeighted);
    expect(more.names).toEqual([
      'binary-cross-entropy',
      'categorical-cross-entropy',
      'label-smoothed',
      'class-weighted',
    ]);
    expect(more.plugins).toEqual([binaryCrossEntropy, categoricalCrossEntropy, labelSmoothed, classWeighted]);
    expect(registry.names).toHaveLength(3);
    expect([more, more.names, more.plugins, labelSmoothed, ce].every(Object.isFrozen)).toBe(true);
  });

  it('nests 64 wrappers and reads back what a loss writes', () => {
    const loss: Loss = registry.fromJSON({ version: 1, ...nested(64) });
    expect(JSON.stringify(registry.fromJSON(JSON.parse(JSON.stringify(loss))))).toBe(JSON.stringify(loss));
  });
});
