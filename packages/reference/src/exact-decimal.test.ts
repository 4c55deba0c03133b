import { describe, expect, test } from 'vitest';
import { arithmetic, exactDecimal, withEnoughDigits } from './exact-decimal.js';

describe('exactDecimal', () => {
  test('is the binary value of a double, not its shortest digits', () => {
    expect(exactDecimal(0.1).toFixed()).toBe('0.1000000000000000055511151231257827021181583404541015625');
    expect(exactDecimal(1e30).toFixed()).toBe('1000000000000000019884624838656');
    expect(exactDecimal(-2.5).toFixed()).toBe('-2.5');
    expect(exactDecimal(Math.fround(1e-3)).toFixed()).toBe('0.001000000047497451305389404296875');
  });

  test.each([5e-324, 2 ** -1022, 1.5e-310, 2 ** -900 * 1.1, Number.MAX_VALUE, -Math.PI, 2 ** 53 - 1])(
    'of %d is a multiple of a power of two that reads back as it',
    (value) => {
      const exact = exactDecimal(value);
      expect(exact.toNumber()).toBe(value);
      const Numbers = arithmetic(1200);
      expect(Numbers.mul(exact, Numbers.pow(2, 1074)).isInteger()).toBe(true);
    },
  );

  test('keeps what is not finite', () => {
    expect(exactDecimal(-Infinity).toNumber()).toBe(-Infinity);
    expect(exactDecimal(NaN).isNaN()).toBe(true);
  });
});

describe('withEnoughDigits', () => {
  test('gives a difference that cancels 60 digits to 32 digits all the same', () => {
    const [difference] = withEnoughDigits(0, (Numbers) => {
      const a = Numbers.div(1, 3);
      const b = Numbers.sub(a, '7.77e-61');
      return [{ value: Numbers.sub(a, b), scale: Numbers.add(a, b) }];
    });
    expect(difference.toSignificantDigits(30).toString()).toBe('7.77e-61');
  });

  test('takes a difference that vanishes to 150 digits as zero', () => {
    const [difference] = withEnoughDigits(0, (Numbers) => {
      const a = Numbers.mul(Numbers.div(1, 3), 3);
      return [{ value: Numbers.sub(1, a), scale: new Numbers(2) }];
    });
    expect(difference.toNumber()).toBe(0);
  });
});
