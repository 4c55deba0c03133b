// What is known of the row at hand, for either type. Exponentials are in units of its shift, e_c = exp(z_c - base) 2^-k.

// The sum of all e_c without the label's, the label's own, and both together.
export let rest: f64 = 0;
let lost: f64 = 0;
export let own: f64 = 0;
export let total: f64 = 0;
// The largest logit, after the pass that looks for it, and whether there was a NaN.
export let top: f64 = 0;
export let invalid: bool = false;
export let base: f64 = 0;
export let shift: f64 = 0;

export function clearSums(): void {
  rest = 0;
  lost = 0;
  own = 0;
  gaps = 0;
}

// Neumaier's summation: nothing is lost however many blocks there are.
export function addToRest(sum: f64): void {
  const next = rest + sum;
  lost += rest >= sum ? rest - next + sum : sum - next + rest;
  rest = next;
}

export function setOwn(value: f64): void {
  own = value;
}

export function closeSums(): void {
  rest += lost;
  total = rest + own;
}

export function clearTop(): void {
  top = -Infinity;
  invalid = false;
}

export function addToTop(largest: f64, anyInvalid: bool): void {
  if (largest > top) top = largest;
  if (anyInvalid) invalid = true;
}

// Logits are read this far from where their exponentials go, in bytes: 0 where they are replaced in place.
export let distance: usize = 0;

export function setDistance(bytes: usize): void {
  distance = bytes;
}

export function setShift(newBase: f64, newShift: f64): void {
  base = newBase;
  shift = newShift;
}

// The part of the target that is spread over the classes, u = d [c = y] + b v: where v of the classes at hand lies (0: there is
// none), and where in float64, its mass, b, v of the label, and the sum of v_c (z_c - base).
export let vector: usize = 0;
export let wideVector: usize = 0;
export let vectorMass: f64 = 0;
export let spread: f64 = 0;
export let ofLabelInVector: f64 = 0;
export let gaps: f64 = 0;

export function setVector(at: usize, wideAt: usize, mass: f64): void {
  vector = at;
  wideVector = wideAt;
  vectorMass = mass;
}

export function setSpread(newSpread: f64, ofLabel: f64): void {
  spread = newSpread;
  ofLabelInVector = ofLabel;
}

export function addToGaps(sum: f64): void {
  gaps += sum;
}
