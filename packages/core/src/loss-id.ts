import type { JsonValue } from './json.js';
import type { LossJson } from './loss.js';

/**
 * A short stable name of a loss for dashboards and evaluations: the plugin names from the outermost in, and a hash of
 * its canonical JSON: `label-smoothed+categorical-cross-entropy@1d0a3f2b9c84e6f7`.
 *
 * The same options in any order give the same id. The hash is FNV-1a with 64 bits: it tells losses apart, and is no
 * protection against anyone who wants two to collide.
 */
export function lossId(loss: { readonly toJSON: () => LossJson }): string {
  const json = loss.toJSON();
  return `${namesIn(json).join('+')}@${fnv1a(canonical(json))}`;
}

function namesIn(json: JsonValue | undefined): readonly string[] {
  if (typeof json !== 'object' || json === null || !('loss' in json)) return [];
  return [JSON.stringify(json['loss']).slice(1, -1), ...namesIn(json['of'])];
}

/** JSON with the keys of every object in order. */
function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value as Readonly<Record<string, JsonValue>>).sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}

/**
 * FNV-1a, 64 bits, in halves of 32: a plan may hold a weight for each of 250,000 classes, and BigInt takes seconds for it.
 * The prime is 2^40 + 0x1b3, and every intermediate stays below 2^53. Source: Fowler, Noll, Vo; RFC 9923.
 */
function fnv1a(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (let i = 0; i < text.length; i++) {
    low = (low ^ text.charCodeAt(i)) >>> 0;
    const product = low * 0x1b3;
    high = (high * 0x1b3 + low * 0x100 + Math.floor(product / 0x100000000)) >>> 0;
    low = product >>> 0;
  }
  return [high, low].map((half) => half.toString(16).padStart(8, '0')).join('');
}
