// The kit knows no formula: these are the numbers, from the papers' definitions and by hand.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { createRegistry, diagnose } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted } from '@surprisal/weighted';
import { brierRegularized, taylorCrossEntropy, unigramSmoothed } from 'noisy-label-losses';

/** softmax(0, log 3) = (1/4, 3/4) */
const LOGITS = [[0, Math.log(3)]];

function near(actual, expected) {
  assert.ok(Math.abs(actual - expected) <= 1e-14 * Math.abs(expected), `expected ${expected}, got ${actual}`);
}

describe('numbers', () => {
  it('of the Taylor series of -log p', () => {
    const value = (terms) => taylorCrossEntropy(categoricalCrossEntropy(), { terms }).value(LOGITS, [0]);
    near(value(1), 3 / 4);
    near(value(2), 3 / 4 + 9 / 32);
    near(value(3), 3 / 4 + 9 / 32 + 27 / 192);
  });

  it('of smoothing by counts', () => {
    const loss = unigramSmoothed(categoricalCrossEntropy(), { smoothing: 0.5, counts: [3, 1] });
    near(loss.value(LOGITS, [0]), 0.875 * Math.log(4) + 0.125 * Math.log(4 / 3));
  });

  it('of squared errors', () => {
    const loss = brierRegularized(categoricalCrossEntropy(), { strength: 2 });
    near(loss.value(LOGITS, [0]), Math.log(4) + 2 * (9 / 16 + 9 / 16));
  });

  it('refuses counts of nothing, in the form of all errors', () => {
    assert.throws(() => unigramSmoothed(binaryCrossEntropy(), { smoothing: 0.1, counts: [0, 0] }), {
      name: 'RangeError',
      message: 'unigram-smoothed: "counts" expected a class with rows, got none',
    });
  });
});

describe('beside the plugins of Surprisal', () => {
  const losses = createRegistry(categoricalCrossEntropy, labelSmoothed, classWeighted).use(
    taylorCrossEntropy,
    unigramSmoothed,
    brierRegularized,
  );
  const json = {
    version: 1,
    loss: 'unigram-smoothed',
    smoothing: 0.1,
    counts: [30, 10],
    of: {
      loss: 'class-weighted',
      weights: [1, 2],
      of: {
        loss: 'brier-regularized',
        strength: 2,
        of: { loss: 'taylor-cross-entropy', terms: 3, of: { loss: 'categorical-cross-entropy' } },
      },
    },
  };

  it('one registry makes them from JSON, and they go back to it', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(losses.fromJSON(json))), json);
  });

  it('a composition gives the same on every engine', () => {
    const loss = losses.fromJSON(json);
    const expected = loss.evaluate(LOGITS, [1], { gradient: true, accuracy: true, engine: 'typescript' });
    for (const engine of ['wasm-simd', 'wasm-relaxed-simd']) {
      let actual;
      try {
        actual = loss.evaluate(LOGITS, [1], { gradient: true, accuracy: true, engine });
      } catch (error) {
        assert.match(error.message, /"engine" expected one of/); // This runtime has no such engine.
        continue;
      }
      near(actual.value, expected.value);
      assert.equal(actual.accuracy, 1);
    }
  });

  it('they are diagnosed like all', () => {
    assert.deepEqual(
      diagnose(losses.fromJSON(json), LOGITS, [2]).map(({ code }) => code),
      ['label-out-of-range'],
    );
  });
});
