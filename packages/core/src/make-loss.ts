import { rememberPlan } from './call.js';
import type { Link, LinkName } from './engine.js';
import { checkPlan } from './check-plan.js';
import { compute, evaluate, type Computed, type EvaluatedLoss } from './evaluate.js';
import { asksForExtras, NO_OUTPUTS } from './extras/extra-options.js';
import type { JsonObject } from './json.js';
import type { CallOptions, Loss, LossJson, OutputArray } from './loss.js';
import { lossId } from './loss-id.js';
import { valueOf } from './make-evaluation.js';
import type { CustomRule, Plan } from './plan.js';
import type { TileRule } from './tile-rule.js';
import { tileRuleEngine } from './tile-rule-engine.js';

/** What a loss is made of. */
export interface LossParts<Name extends LinkName> {
  readonly name: string;
  readonly link: Link<Name>;
  readonly plan: Plan;
  readonly customs: Readonly<Record<string, CustomRule>>;
  readonly tileRule?: TileRule | undefined;
  /** The class count stated by options; vectors in the plan may state it too. */
  readonly classes?: number | undefined;
  /** What `toJSON` returns. */
  readonly json: LossJson;
}

/** Makes the frozen value that is a loss: its parts and its three verbs. */
export function makeLoss<Name extends LinkName>(parts: LossParts<Name>): Loss<Name> {
  const { name, link, plan, customs, tileRule, json } = parts;
  const count = tileRule ? parts.classes : checkPlan(name, plan, link.name, parts.classes);
  const engines = tileRule ? [tileRuleEngine(tileRule)] : link.engines;
  let id: string | undefined;
  const toJSON = (): LossJson => json;
  const evaluated: EvaluatedLoss = {
    name,
    plan,
    customs,
    tileRule,
    count,
    engines,
    link: link.name,
    details: link.details,
    tiles: { spare: undefined, scratch: [] },
    planFor: rememberPlan({ name, plan, customs }, link.name),
    id: () => (id ??= lossId({ toJSON })),
  };
  const loss: Loss<Name> = {
    version: 1,
    name,
    link,
    ...(tileRule ? { tileRule } : { plan, customs }),
    ...(count !== undefined && { classes: count }),
    value: (logits, targets, options) =>
      valueOf(compute(evaluated, logits, targets, options && valueOptions(options)).data),
    valueAndGradient: (logits, targets, options) =>
      valueAndGradientOf(compute(evaluated, logits, targets, withGradient(options))) as never,
    evaluate: (logits, targets, options) => evaluate(evaluated, logits, targets, options),
    toJSON,
  };
  return Object.freeze(loss);
}

/** JSON of a loss: its name, its options, and the JSON of the loss it wraps. */
export function jsonOf(name: string, options: JsonObject, inner?: LossJson): LossJson {
  if (inner === undefined) return { version: 1, loss: name, ...options };
  const of = Object.fromEntries(Object.entries(inner).filter(([key]) => key !== 'version'));
  return { version: 1, loss: name, ...options, of };
}

/** The options of a call without its outputs. */
function valueOptions(options: CallOptions): CallOptions {
  return asksForExtras(options) ? { ...options, ...NO_OUTPUTS } : { ...options, gradient: false, losses: false };
}

function withGradient(options: CallOptions | undefined): CallOptions {
  const asked = options?.gradient;
  return options !== undefined && asked !== undefined && asked !== false ? options : { ...options, gradient: true };
}

function valueAndGradientOf({ data, gradient }: Computed): {
  readonly value: number;
  readonly gradient: OutputArray | undefined;
} {
  return { value: valueOf(data), gradient: gradient?.array };
}
