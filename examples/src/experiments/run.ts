import type { Effort, Experiment } from './experiment.js';
import { imbalance } from './imbalance.js';
import { overfitting } from './overfitting.js';
import { wrongLabels } from './wrong-labels.js';

/** Runs all experiments. */
export function runExperiments(effort: Effort): readonly Experiment[] {
  return [imbalance, wrongLabels, overfitting].map((experiment) => {
    effort.print(experiment.name);
    return experiment(effort);
  });
}
