const DECAY1 = 0.9;
const DECAY2 = 0.999;
const TINY = 1e-8;

/** One optimizer step on all parameters. */
export type Step = (parameters: readonly Float32Array[], slopes: readonly Float32Array[]) => void;

/**
 * Adam, whose steps do not depend on the size of the gradient: losses of different scales can be compared at one rate.
 *
 * Source: Kingma and Ba, Adam: A Method for Stochastic Optimization (2015), algorithm 1.
 */
export function adam(rate: number): Step {
  const moments = new Map<Float32Array, { readonly first: Float64Array; readonly second: Float64Array }>();
  let time = 0;
  return (parameters, slopes) => {
    time++;
    const step = (rate * Math.sqrt(1 - DECAY2 ** time)) / (1 - DECAY1 ** time);
    parameters.forEach((values, index) => {
      const own = slopes[index] ?? new Float32Array(values.length);
      const state = moments.get(values) ?? {
        first: new Float64Array(values.length),
        second: new Float64Array(values.length),
      };
      moments.set(values, state);
      for (let i = 0; i < values.length; i++) {
        const slope = own[i] ?? 0;
        const first = DECAY1 * (state.first[i] ?? 0) + (1 - DECAY1) * slope;
        const second = DECAY2 * (state.second[i] ?? 0) + (1 - DECAY2) * slope * slope;
        state.first[i] = first;
        state.second[i] = second;
        values[i] = (values[i] ?? 0) - (step * first) / (Math.sqrt(second) + TINY);
      }
    });
  };
}
