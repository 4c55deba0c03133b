import { parentPort, workerData } from 'node:worker_threads';
import { measureShape, type Shape } from './shapes.js';

parentPort?.postMessage(measureShape(workerData as Shape));
