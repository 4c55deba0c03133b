// The elements of the sigmoid link. src/sigmoid/simd/ calls these functions and says what they leave where.
export { isFused } from './shared/is-fused';
export { addMasses, splitTargets } from './sigmoid/masses';
export { affine32, crossEntropy32, exponentials32, exponentialsOfSums32, losses32 } from './sigmoid/float32';
export { affine64, crossEntropy64, exponentials64, exponentialsOfSums64, losses64 } from './sigmoid/float64';

// Where free memory begins.
export function freeMemory(): usize {
  return __heap_base;
}
