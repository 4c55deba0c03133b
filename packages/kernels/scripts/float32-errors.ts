/**
 * Measures the functions inside the float32 loops of the sigmoid link over all float32 numbers, some minutes a program.
 *
 *     pnpm build && node packages/kernels/scripts/float32-errors.ts [step]
 */
import type * as Programs from '../src/sigmoid/simd/sigmoid-program.ts';
import { float32Errors } from '../src/testing/float32-errors.ts';

const INFINITY_BITS = 0x7f800000;
const SIGN_BIT = 0x80000000;

function report(name: string, source: typeof Programs.plainElements, step: number): void {
  const program = source.load();
  if (program === undefined) return;
  for (const first of [0, SIGN_BIT]) {
    const errors = float32Errors(program, first, first + INFINITY_BITS, step);
    const parts = Object.entries(errors).map(([of, { ulps, at }]) => `${of} ${ulps.toFixed(3)} at ${String(at)}`);
    console.log(`${name}, z ${first === 0 ? '>=' : '<'} 0: ${parts.join(', ')}`);
  }
}

async function main([step = '1']: readonly string[]): Promise<void> {
  const built = new URL('../dist/sigmoid/simd/sigmoid-program.js', import.meta.url);
  const { plainElements, relaxedElements } = (await import(built.href)) as typeof Programs;
  report('plain', plainElements, Number(step));
  report('relaxed', relaxedElements, Number(step));
}

await main(process.argv.slice(2));
