export { labelSmoothed, type LabelSmoothingOptions } from './label-smoothed.js';
