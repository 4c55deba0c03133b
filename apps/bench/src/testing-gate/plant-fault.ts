import { compileWasm } from '../../../../packages/kernels/scripts/build-wasm.ts';
import { moduleText, type MovableModule } from '../../../../packages/kernels/scripts/module-text.ts';
import type { Edit } from './make-build.js';

const GENERATED = 'packages/kernels/src/generated/softmax.ts';
const PLAIN = 'softmax-simd';
const RELAXED = 'softmax-relaxed-simd';

/** Compiles the softmax engines with a text of their sources replaced, which must be there; an edit of what embeds them. */
export async function softmaxWith(text: string, replacement: string): Promise<Edit> {
  const plain = await compilePlain(text, replacement);
  return (file, source) => (file === GENERATED ? moduleText('softmax', [plain, { ...plain, name: RELAXED }]) : source);
}

/** The same of the plain engine alone: the relaxed one stays as it was built. */
export async function plainSoftmaxWith(text: string, replacement: string): Promise<Edit> {
  const plain = await compilePlain(text, replacement);
  return (file, source) => (file === GENERATED ? moduleText('softmax', [plain, relaxedIn(source)]) : source);
}

async function compilePlain(text: string, replacement: string): Promise<MovableModule> {
  let found = 0;
  const { digits, addresses } = await compileWasm('softmax.ts', (source) => {
    found += source.split(text).length - 1;
    return source.replace(text, replacement);
  });
  if (found === 0) throw new RangeError(`compilePlain: "text" expected a part of the sources, got '${text}'`);
  return { name: PLAIN, binary: Buffer.from(digits, 'hex'), addresses };
}

/** The relaxed module of a generated file: every other piece, and the second list of addresses. */
function relaxedIn(source: string): MovableModule {
  const [pieces = [], addresses = []] = [...source.matchAll(/\[((?:\s*'[^']*',)+)\s*\]/g)].map(([, list = '']) =>
    [...list.matchAll(/'([^']*)'/g)].map(([, item = '']) => item),
  );
  const digits = pieces.filter((_, index) => index % 2 === 1).join('');
  return { name: RELAXED, binary: Buffer.from(digits, 'hex'), addresses: addresses[1] ?? '' };
}
