import type { Engine, InputKind, Link } from './engine.js';
import { kindError, rangeError, show } from './errors.js';
import type { Denominator, Reduction, WhenEmpty } from './evaluation.js';
import { EXTRA_NAMES } from './extras/extra-options.js';
import type { CallOptions } from './loss.js';

const CALL_OPTIONS: ReadonlySet<string> = new Set<keyof CallOptions>([
  'axis',
  'classes',
  'labels',
  'input',
  'sampleWeights',
  'labelWeights',
  'ignoreIndex',
  'mask',
  'reduction',
  'denominator',
  'whenEmpty',
  'invalid',
  'unnormalized',
  'clip',
  'gradient',
  'losses',
  'engine',
  ...EXTRA_NAMES,
]);

/** The options of a call that are plain choices, checked and with their defaults. */
export interface CallChoices {
  readonly input: InputKind;
  readonly reduction: Reduction;
  readonly denominator: Denominator;
  readonly whenEmpty: WhenEmpty;
  readonly propagate: boolean;
  readonly unnormalized: boolean;
  readonly clip: number;
}

const INPUTS = ['logits', 'probabilities', 'log-probabilities'] as const;
const REDUCTIONS = ['mean', 'sum'] as const;
const DENOMINATORS = ['weight', 'rows', 'elements'] as const;
const WHEN_EMPTY = ['nan', 'zero', 'throw'] as const;
const INVALID = ['throw', 'propagate'] as const;

/** Refuses unknown options and checks the choices among the known. */
export function readChoices(of: string, options: CallOptions): CallChoices {
  for (const key in options) if (!CALL_OPTIONS.has(key)) throw unknownCallOption(of, key);
  const input = choice(of, 'input', INPUTS, options.input);
  return {
    input,
    reduction: choice(of, 'reduction', REDUCTIONS, options.reduction),
    denominator: readDenominator(of, options.denominator),
    whenEmpty: choice(of, 'whenEmpty', WHEN_EMPTY, options.whenEmpty),
    propagate: choice(of, 'invalid', INVALID, options.invalid) === 'propagate',
    unnormalized: flag(of, 'unnormalized', options.unnormalized),
    clip: readClip(of, options.clip, input),
  };
}

/** The engine asked for by name, or the best that this runtime can run. */
export function readEngine(of: string, link: Pick<Link, 'engines'>, name: string | undefined): Engine {
  const engine = link.engines.find(
    (candidate) => (name === undefined || candidate.name === name) && isAvailable(candidate),
  );
  if (engine !== undefined) return engine;
  const names = link.engines
    .filter(isAvailable)
    .map((candidate) => `'${candidate.name}'`)
    .join(', ');
  throw rangeError({ of, argument: 'engine', requirement: `one of ${names}`, got: show(name) });
}

function isAvailable({ available }: Engine): boolean {
  return available === undefined || available();
}

/** The options of a call as an object. */
export function readOptionsObject(of: string, options: unknown): CallOptions {
  if (options === undefined) return {};
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options;
  throw kindError({ of, argument: 'options', requirement: 'an object', got: show(options) });
}

function choice<const Choice extends string>(
  of: string,
  argument: string,
  choices: readonly [Choice, ...Choice[]],
  value: unknown,
): Choice {
  if (value === undefined) return choices[0];
  for (const candidate of choices) if (candidate === value) return candidate;
  const requirement = `one of ${choices.map((candidate) => `'${candidate}'`).join(', ')}`;
  const fix =
    argument === 'reduction' && value === 'none'
      ? 'for the loss of each row use evaluate with losses: true'
      : undefined;
  throw rangeError({ of, argument, requirement, got: show(value), fix });
}

function flag(of: string, argument: string, value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw kindError({ of, argument, requirement: 'true or false', got: show(value) });
}

function readDenominator(of: string, value: unknown): Denominator {
  if (typeof value !== 'number') return choice(of, 'denominator', DENOMINATORS, value);
  if (value > 0 && value < Infinity) return value;
  throw rangeError({
    of,
    argument: 'denominator',
    requirement: "a finite number greater than 0, 'weight', 'rows' or 'elements'",
    got: show(value),
  });
}

function readClip(of: string, value: unknown, input: InputKind): number {
  if (value === undefined) return 0;
  if (input !== 'probabilities')
    throw kindError({
      of,
      argument: 'clip',
      requirement: "input: 'probabilities'",
      got: `input: '${input}'`,
      fix: 'logits need no clip: their loss is finite and exact',
    });
  if (typeof value === 'number' && value >= 0 && value <= 0.5) return value;
  throw rangeError({ of, argument: 'clip', requirement: 'a number in [0, 0.5]', got: show(value) });
}

function unknownCallOption(of: string, key: string): TypeError {
  return kindError({
    of,
    argument: 'options',
    requirement: `one of the options ${[...CALL_OPTIONS].join(', ')}`,
    got: show(key),
  });
}
