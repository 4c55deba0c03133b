// What passes over float32 logits are told of a plan with logit steps, other surprisals or other targets than labels.
//
// y = S z + O costs no operation and no digit: exp(S z) = 2^n exp(S r) with n = round(z S log2 e) and r = z - n (log 2 / S) in two
// steps, whose polynomial has S, S^2 / 2, ... for coefficients; and exp(O) is a weight of the class.

// S log2 e, -log 2 / S in two parts, six coefficients after 1, 1, S / 2^20, and 1.5 2^23 with the least exponent that an
// exponential may have: one below counts as zero.
export const PLAN: usize = memory.data(48, 16);
export const SCALE: usize = 40;

// Numbers of a block: 512 bytes.
export const BLOCK: i32 = 128;
