/** How a composed loss is built, outermost plugin first: what the table and the JSON call it. */

/** A plugin with the options it is given. */
export interface Part {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** `labelSmoothed(classWeighted(categoricalCrossEntropy))`: the code that builds it, without the options. */
export function compositionText(parts: readonly Part[]): string {
  const names = parts.map(({ name }) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()));
  return names.join('(') + ')'.repeat(Math.max(0, names.length - 1));
}

/** `smoothing 0.1; weights 0.5 … 1.4`: the options in the same order. */
export function optionsText(parts: readonly Part[]): string {
  return parts
    .flatMap(({ options }) => Object.entries(options).map(([key, value]) => `${key} ${valueText(value)}`))
    .join('; ');
}

/** A long list is told by its ends. */
const LONGEST_LIST = 4;

function valueText(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(4)));
  if (typeof value === 'string') return value;
  const list: unknown = ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
  if (!Array.isArray(list)) return JSON.stringify(value);
  const texts = list.map(valueText);
  return texts.length <= LONGEST_LIST ? `[${texts.join(', ')}]` : `[${texts[0] ?? ''} … ${texts.at(-1) ?? ''}]`;
}
