// The elements of the sigmoid link. src/sigmoid/simd/ calls these functions and says what they leave where.
export { isFused } from './shared/is-fused';
export { addMasses } from './sigmoid/masses';
export {
  affine32,
  crossEntropy32,
  crossEntropyOfTargets32,
  exponentials32,
  exponentialsOfSums32,
  losses32,
  lossesOfTargets32,
} from './sigmoid/float32';
export {
  affine64,
  crossEntropy64,
  crossEntropyOfTargets64,
  exponentials64,
  exponentialsOfSums64,
  losses64,
  lossesOfTargets64,
} from './sigmoid/float64';
