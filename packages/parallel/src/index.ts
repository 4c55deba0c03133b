export { createPool, type Pool, type PoolCallOptions } from './create-pool.js';
export type { PoolOptions } from './read-pool-options.js';
export type { AbortSignalLike } from './abort.js';
