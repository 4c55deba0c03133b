/** Reads inputs and targets: numbers written out, or made by a generator. */
import { affineMod, generatorName, xorshift32 } from './generators.js';
import { checkValues, MalformedCase, readDims, readNumbers, sizeOf, type Fields, type Values } from './read-json.js';

/** Numbers with a shape; `classes` is for the generator of targets. */
export function readTensor(fields: Fields, name: string, classes = 0): Values {
  const dims = readDims(fields['dims'], `${name}.dims`);
  const data = readData(fields, name, sizeOf(dims), classes);
  return checkValues({ dims, data }, name);
}

function readData({ data, generator }: Fields, name: string, size: number, classes: number): Float64Array {
  if (generator === undefined || generator === null) return readNumbers(data, `${name}.data`);
  const rule = generatorName(generator, `${name}.generator`);
  if (rule === 'xorshift32') return xorshift32(generator, `${name}.generator`);
  if (rule === 'affine-mod') return affineMod(size, classes);
  throw new MalformedCase(`${name}.generator: no rule of the name ${rule}`);
}
