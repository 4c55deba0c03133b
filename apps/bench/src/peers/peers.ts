import { jax } from './jax.js';
import { onnxruntime } from './onnxruntime.js';
import type { Peer } from './peer.js';
import { pytorch } from './pytorch.js';
import { tensorFlow } from './tensorflow.js';

/** What ours is compared with, besides the plain loop. */
export const PEERS: readonly Peer[] = [tensorFlow('cpu'), tensorFlow('wasm'), jax, onnxruntime, pytorch];
