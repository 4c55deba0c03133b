export { focal, type FocalOptions } from './focal.js';
export { poly1, type Poly1Options } from './poly1.js';
export { asymmetric, type AsymmetricOptions } from './asymmetric.js';
