import type { Law } from './law.js';
import { askedExtrasLaws } from './laws/extras-asked.js';
import { bufferLaws } from './laws/buffers.js';
import { classTotalsLaws } from './laws/class-totals.js';
import { consistencyLaws } from './laws/consistency.js';
import { convexityLaws } from './laws/convexity.js';
import { curvatureLaws } from './laws/curvature.js';
import { equivalenceLaws } from './laws/equivalences.js';
import { errorLaws } from './laws/errors.js';
import { extremeLaws } from './laws/extremes.js';
import { floorLaws } from './laws/floors.js';
import { gradientLaws } from './laws/gradient.js';
import { givenInputLaws } from './laws/given-inputs.js';
import { ignoringLaws } from './laws/ignoring.js';
import { jsonLaws } from './laws/json.js';
import { layoutLaws } from './laws/layouts.js';
import { mergingLaws } from './laws/merging.js';
import { pluginLaws } from './laws/plugin-facts.js';
import { predictionLaws } from './laws/predictions.js';
import { probabilityLaws } from './laws/probabilities.js';
import { reductionLaws } from './laws/reductions.js';
import { symmetryLaws } from './laws/symmetries.js';
import { weightLaws } from './laws/weights.js';

/** Every law of the kit. */
export const laws: readonly Law[] = [
  ...pluginLaws,
  ...jsonLaws,
  ...gradientLaws,
  ...equivalenceLaws,
  ...givenInputLaws,
  ...symmetryLaws,
  ...convexityLaws,
  ...extremeLaws,
  ...weightLaws,
  ...reductionLaws,
  ...mergingLaws,
  ...ignoringLaws,
  ...layoutLaws,
  ...bufferLaws,
  ...consistencyLaws,
  ...errorLaws,
  ...askedExtrasLaws,
  ...classTotalsLaws,
  ...predictionLaws,
  ...probabilityLaws,
  ...floorLaws,
  ...curvatureLaws,
];
