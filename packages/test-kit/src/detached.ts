type Clone = (value: unknown, options: { readonly transfer: readonly unknown[] }) => unknown;

/** A copy of an array whose buffer went elsewhere; undefined where the platform cannot transfer buffers. */
export function detached(items: Float64Array): Float64Array | undefined {
  const { structuredClone } = globalThis as unknown as { readonly structuredClone?: Clone };
  if (structuredClone === undefined) return undefined;
  const copy = items.slice();
  structuredClone(copy.buffer, { transfer: [copy.buffer] });
  return copy;
}
