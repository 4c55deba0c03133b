import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { explain, type Loss } from '@surprisal/core';
import { asymmetric, focal } from '@surprisal/focal';
import { temperature, zLoss } from '@surprisal/logits';
import { generalized } from '@surprisal/robust';
import { logitAdjusted, marginAdjusted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';

const softmax = categoricalCrossEntropy();
const sigmoid = binaryCrossEntropy();

describe('explain says of the plugins of the family', () => {
  it('asymmetric loss: the terms of positives and of negatives, whose p is shifted, and no p_t', () => {
    expect(explain(asymmetric(sigmoid))).toBe(
      [
        'asymmetric(binary-cross-entropy): sigmoid link; u_1 = y and u_0 = 1 - y.',
        'Surprisal of positives: focal, gamma 1, psi(l) = -(1 - p) l; of negatives: focal, gamma 4, shifted by 0.05, psi(l) = -(1 - min(p + 0.05, 1))^4 log min(p + 0.05, 1).',
        'Loss of an element: u_1 psi(log p) + u_0 psi(log(1 - p)), p = sigmoid(z).',
        'Value: the mean, the sum over elements divided by their number.',
        'No call of PyTorch, Keras, scikit-learn, ONNX or TensorFlow.js does the same.',
      ].join('\n'),
    );
  });

  it.each<[string, Loss, string]>([
    [
      'balanced focal loss',
      focal(sigmoid, { alpha: 0.25 }),
      'PyTorch (targets 0 and 1): torchvision.ops.sigmoid_focal_loss(z, y, alpha=0.25, gamma=2, reduction="mean")',
    ],
    [
      'generalised cross-entropy',
      generalized(softmax),
      'Keras (class indices): keras.losses.CategoricalGeneralizedCrossEntropy(q=0.7)(y, softmax(z))',
    ],
    ['temperature', temperature(softmax, { temperature: 2 }), 'PyTorch (class indices): F.cross_entropy(z * 0.5, y)'],
    [
      'z-loss',
      zLoss(softmax),
      'PyTorch (class indices): F.cross_entropy(z, y) + 0.0001 * torch.logsumexp(z, 1).square().mean()',
    ],
    [
      'logit adjustment',
      logitAdjusted(softmax, { priors: [0.5, 0.5] }),
      'PyTorch (class indices): F.cross_entropy(z + b, y)',
    ],
    [
      'margins',
      marginAdjusted(softmax, { counts: [16, 1] }),
      'PyTorch (class indices): F.cross_entropy(z - m * F.one_hot(y, z.shape[1]), y)',
    ],
  ])('%s: the call that does the same', (_, loss, call) => {
    expect(explain(loss)).toContain(call);
  });
});
