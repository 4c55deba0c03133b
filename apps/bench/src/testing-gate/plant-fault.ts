import { compileWasm } from '../../../../packages/kernels/scripts/build-wasm.ts';
import { moduleText } from '../../../../packages/kernels/scripts/module-text.ts';
import type { Edit } from './make-build.js';

/** Compiles the softmax engines with a text of their sources replaced, which must be there; an edit of what embeds them. */
export async function softmaxWith(text: string, replacement: string): Promise<Edit> {
  let found = 0;
  const { digits, addresses } = await compileWasm('softmax.ts', (source) => {
    found += source.split(text).length - 1;
    return source.replace(text, replacement);
  });
  if (found === 0) throw new RangeError(`softmaxWith: "text" expected a part of the sources, got '${text}'`);
  const binary = Buffer.from(digits, 'hex');
  const modules = ['softmax-simd', 'softmax-relaxed-simd'].map((name) => ({ name, binary, addresses }));
  return (file, source) =>
    file === 'packages/kernels/src/generated/softmax.ts' ? moduleText('softmax', modules) : source;
}
