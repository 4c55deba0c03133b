import type { LinkName } from '../engine.js';
import type { Step } from '../plan.js';
import { describeSurprisal } from './describe-surprisal.js';
import { numberText, signedText, vectorText } from './number-text.js';

type Describer<Kind extends Step['kind']> = (step: Extract<Step, { kind: Kind }>, link: LinkName) => string;

/** What a step is called and what it does, by its kind: the new value is primed. */
const DESCRIBERS: { readonly [Kind in Step['kind']]: Describer<Kind> } = {
  scale: (step, link) => (link === 'sigmoid' ? outcomeWeights(step) : classWeights(step)),
  mix: smoothing,
  affine,
  softcap: ({ cap }) => `soft cap ${numberText(cap)}: z' = ${numberText(cap)} tanh(z / ${numberText(cap)})`,
  classMask: ({ allowed }) =>
    `class mask, ${String(allowed.filter(Boolean).length)} of ${String(allowed.length)} classes left: z'_c = -Infinity for the others`,
  margin: ({ margins }) => `margins m = ${vectorText(margins)}: z'_y = z_y - m_y at the label y`,
  surprisal: ({ terms, negativeTerms }) =>
    negativeTerms === undefined
      ? `surprisal: ${describeSurprisal(terms)}`
      : `surprisal of positives: ${describeSurprisal(terms)}; of negatives: ${describeSurprisal(negativeTerms)}`,
  partition: ({ strength }) => `z-loss: adds ${numberText(strength)} lse(z)^2, times the sample weight only`,
  custom: ({ plugin, parameters, replaces }) =>
    `custom function of plugin '${plugin}' with ${JSON.stringify(parameters)}, ${replaces ? 'in place of the surprisal' : 'added to the loss'}`,
};

/** One step in words and formula. */
export function describeStep(step: Step, link: LinkName): string {
  const known: Readonly<Record<string, unknown>> = DESCRIBERS;
  if (known[step.kind] === undefined) return `unknown kind of step: ${JSON.stringify(step)}`;
  return (DESCRIBERS[step.kind] as Describer<Step['kind']>)(step, link);
}

function classWeights({ weights, counted }: Extract<Step, { kind: 'scale' }>): string {
  return `class weights w = ${vectorText(weights)}${countedText(counted)}: u'_c = w_c u_c`;
}

function outcomeWeights({ by, weights, counted }: Extract<Step, { kind: 'scale' }>): string {
  if (by === 'label')
    return `positive weights by label w = ${vectorText(weights)}${countedText(counted)}: u'_1 = w u_1`;
  const [negative = 1, positive = 1] = weights;
  if (negative === 1 && !counted)
    return `positive weight ${numberText(positive)}${countedText(counted)}: u'_1 = ${numberText(positive)} u_1`;
  return `outcome weights w = ${vectorText(weights)}${countedText(counted)}: u'_0 = w_0 u_0, u'_1 = w_1 u_1`;
}

function countedText(counted: boolean): string {
  return counted ? '' : ', which no mean counts';
}

function smoothing({ smoothing: e, spread, towards }: Extract<Step, { kind: 'mix' }>, link: LinkName): string {
  const kept = numberText(1 - e);
  const moved = numberText(e);
  const classes = link === 'sigmoid' ? '2' : 'C';
  if (towards)
    return `label smoothing ${moved} towards D = ${vectorText(towards)}: u'_c = ${kept} u_c + ${moved} |u| D_c`;
  if (spread === 'all') return `label smoothing ${moved}: u'_c = ${kept} u_c + ${moved} |u| / ${classes}`;
  const others = link === 'sigmoid' ? '' : ' / (C - 1)';
  return `label smoothing ${moved} over the other classes: u'_c = ${kept} u_c + ${moved} (|u| - u_c)${others}`;
}

function affine({ scale, offsets }: Extract<Step, { kind: 'affine' }>, link: LinkName): string {
  const scaled = scale === 1 ? 'z' : `${numberText(scale)} z`;
  if (offsets === undefined) return `temperature ${numberText(1 / scale)}: z' = ${scaled}`;
  if (link === 'sigmoid')
    return `shift of the logits: z' = ${scaled}${signedText((offsets[1] ?? 0) - (offsets[0] ?? 0))}`;
  return `shift of the logits b = ${vectorText(offsets)}: z'_c = ${scaled}_c + b_c`;
}
