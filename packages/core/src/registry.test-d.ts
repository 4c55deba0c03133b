import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import { describe, expectTypeOf, it } from 'vitest';
import { createRegistry, defineLoss, defineWrapper, type Loss, type LossPlugin, type WrapperPlugin } from './index.js';

const registry = createRegistry(binaryCrossEntropy, categoricalCrossEntropy).use(
  labelSmoothed,
  classWeighted,
  positiveWeighted,
);

describe('the registry knows its plugins by name', () => {
  it('types names and losses', () => {
    expectTypeOf<(typeof registry.names)[number]>().toEqualTypeOf<
      'binary-cross-entropy' | 'categorical-cross-entropy' | 'label-smoothed' | 'class-weighted' | 'positive-weighted'
    >();
    const loss = registry.create('categorical-cross-entropy', { classes: 10 });
    expectTypeOf(loss).toEqualTypeOf<Loss<'softmax'>>();
    expectTypeOf(registry.create('binary-cross-entropy')).toEqualTypeOf<Loss<'sigmoid'>>();
    expectTypeOf(registry.create('label-smoothed', loss, { smoothing: 0.1 })).toEqualTypeOf<Loss<'softmax'>>();
  });

  it('refuses a wrong name, a wrong option, a missing option and a wrong link', () => {
    const loss = registry.create('categorical-cross-entropy');
    expectTypeOf(loss).toEqualTypeOf<Loss<'softmax'>>();
    // @ts-expect-error -- no such name
    registry.create('categorical-crossentropy');
    // @ts-expect-error -- no such option
    registry.create('categorical-cross-entropy', { smoothing: 0.1 });
    // @ts-expect-error -- an option of another type
    registry.create('categorical-cross-entropy', { classes: '10' });
    // @ts-expect-error -- a required option is missing
    registry.create('label-smoothed', loss);
    // @ts-expect-error -- a positive weight needs the sigmoid link
    registry.create('positive-weighted', loss, { weight: 2 });
    // @ts-expect-error -- a wrapper needs a loss
    registry.create('label-smoothed', { smoothing: 0.1 });
  });

  it('refuses another plugin under a taken name where its type differs, and takes the same twice', () => {
    const impostor: LossPlugin<'binary-cross-entropy', { readonly temperature: number }, 'none'> = null as never;
    // @ts-expect-error -- taken by another plugin
    registry.use(impostor);
    // @ts-expect-error -- two plugins of one name in one call
    createRegistry(binaryCrossEntropy, impostor);
    expectTypeOf(registry.use(labelSmoothed)).toEqualTypeOf(registry);
  });
});

describe('losses and wrappers', () => {
  it('keep the link through wrappers', () => {
    const binary = labelSmoothed(classWeighted(binaryCrossEntropy(), { weights: [1, 2] }), { smoothing: 0.1 });
    expectTypeOf(binary).toEqualTypeOf<Loss<'sigmoid'>>();
    expectTypeOf(positiveWeighted(binary, { weight: 3 })).toEqualTypeOf<Loss<'sigmoid'>>();
    // @ts-expect-error -- a positive weight needs the sigmoid link
    positiveWeighted(categoricalCrossEntropy(), { weight: 3 });
    // @ts-expect-error -- smoothing is required
    labelSmoothed(binary);
    // @ts-expect-error -- no such spread
    labelSmoothed(binary, { smoothing: 0.1, spread: 'some' });
    // @ts-expect-error -- the plugin is not a loss
    labelSmoothed(categoricalCrossEntropy, { smoothing: 0.1 });
    // @ts-expect-error -- binary cross-entropy has no options
    binaryCrossEntropy({ classes: 2 });
  });

  it('type the gradient by the logits or the buffer', () => {
    const loss = categoricalCrossEntropy({ classes: 2 });
    const single = new Float32Array(4);
    const labels = new Int32Array(2);
    expectTypeOf(loss.valueAndGradient(single, labels).gradient).toEqualTypeOf<Float32Array<ArrayBuffer>>();
    expectTypeOf(loss.valueAndGradient([[1, 2]], [0]).gradient).toEqualTypeOf<Float64Array>();
    expectTypeOf(loss.valueAndGradient(single, labels, { gradient: new Float64Array(4) }).gradient).toEqualTypeOf<
      Float64Array<ArrayBuffer>
    >();
    expectTypeOf(loss.value(single, new BigInt64Array(2))).toEqualTypeOf<number>();
  });

  it('take tensors as onnxruntime and transformers.js type them, and refuse what is no number array', () => {
    const loss = categoricalCrossEntropy();
    const tensor = {
      data: new Float32Array(4) as Float32Array | BigInt64Array | string[],
      dims: [2, 2] as readonly number[],
      type: 'float32',
    };
    expectTypeOf(loss.value(tensor, [0, 1])).toEqualTypeOf<number>();
    // @ts-expect-error -- integer arrays are no logits
    loss.value(new Int32Array(4), [0, 1]);
    // @ts-expect-error -- strings are no targets
    loss.value(tensor, ['cat', 'dog']);
    // @ts-expect-error -- no such call option
    loss.value(tensor, [0, 1], { reduce: 'mean' });
    // @ts-expect-error -- reduction none is losses: true
    loss.value(tensor, [0, 1], { reduction: 'none' });
  });
});

describe('definitions', () => {
  it('type the options that steps see by the type of the plugin', () => {
    const doubled: WrapperPlugin<'doubled', { readonly factor?: number }, 'softmax'> = defineWrapper({
      name: 'doubled',
      links: ['softmax'],
      options: { factor: { kind: 'number', default: 2 } },
      steps: ({ factor = 2 }) => {
        expectTypeOf(factor).toEqualTypeOf<number>();
        return [{ kind: 'affine', scale: factor }];
      },
      traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
      examples: () => [{}],
    });
    expectTypeOf(doubled(categoricalCrossEntropy())).toEqualTypeOf<Loss<'softmax'>>();
    // @ts-expect-error -- the wrapper takes softmax losses only
    doubled(binaryCrossEntropy());
  });

  it('want a spec for every option', () => {
    const incomplete: LossPlugin<'incomplete', { readonly weight: number }, 'softmax'> = defineLoss({
      name: 'incomplete',
      link: categoricalCrossEntropy.link,
      // @ts-expect-error -- the spec of weight is missing
      options: {},
      traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
      examples: () => [{ weight: 1 }],
    });
    expectTypeOf(incomplete.kind).toEqualTypeOf<'loss'>();
  });
});
