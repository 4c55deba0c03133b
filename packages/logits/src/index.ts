export { temperature, type TemperatureOptions } from './temperature.js';
export { softcap, type SoftcapOptions } from './softcap.js';
export { classMasked, type ClassMaskedOptions } from './class-masked.js';
export { zLoss, type ZLossOptions } from './z-loss.js';
