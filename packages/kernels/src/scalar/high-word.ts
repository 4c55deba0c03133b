/* One scratch number; its bytes have a fixed order, so that no processor's own order matters. */
const SCRATCH: DataView = /* @__PURE__ */ scratch();

function scratch(): DataView {
  return new DataView(new ArrayBuffer(8));
}

/**
 * The upper 32 bits of a number: sign, 11 bits of exponent, 20 bits of fraction.
 *
 * @internal
 */
export function highWord(x: number): number {
  SCRATCH.setFloat64(0, x, true);
  return SCRATCH.getInt32(4, true);
}
