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

/** FNV-1a, 64 bits. Source: Fowler, Noll, Vo; RFC 9923 (offset basis and prime). */
function fnv1a(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}
