export { allocate, type KernelArray } from './allocate.js';
