export { exp } from './exp.js';
export * from './exp-parts.js';
export { expm1 } from './expm1.js';
export { log } from './log.js';
export { log1p } from './log1p.js';
export { pow } from './pow.js';
export { tanh } from './tanh.js';
