import type { SurprisalTerm } from '@surprisal/core';
import { exp, expm1, log, log1p, pow } from '../scalar/index.js';

/*
 * A surprisal psi(l) = sum of terms c (1 - p)^a T_q(l), with T_q(l) = -expm1(q l) / q and T_0(l) = -l, and its derivative
 *
 *     psi'(l) = -sum of c (1 - p)^a [p^q + a p T_q(l) / (1 - p)],
 *
 * in which nothing cancels. The caller gives p and 1 - p = `complement` beside l, since both are known more accurately from
 * the row's sums than from l. As p goes to 1, T_q / (1 - p) goes to 1, and a < 1 stays finite.
 *
 * A term with a shift m is a function of r = min(p + m, 1): d psi / dl = p d psi / dp.
 */

/** 2^-1025: what is smaller has lost more than three bits to underflow. */
const SMALLEST_POWERED = 2.781342323134e-309;

/** psi(l); Infinity at p = 0 for a term of order 0 without a shift. Only terms with one read p. */
export function surprisal(terms: readonly SurprisalTerm[], l: number, complement: number, p = 0): number {
  let sum = 0;
  for (const term of terms) {
    if (term.coefficient === 0) continue;
    if (term.shift === undefined || term.shift === 0) sum += costOfTerm(term, l, complement);
    else if (complement > term.shift) {
      const rest = complement - term.shift;
      sum += costOfTerm(term, logarithmOfShifted(p + term.shift, rest), rest);
    }
  }
  return sum;
}

/** psi'(l), finite for every p in [0, 1]. `lost` is what rounding took from l, where the caller knows it. */
export function surprisalSlope(
  terms: readonly SurprisalTerm[],
  l: number,
  p: number,
  complement: number,
  lost = 0,
): number {
  let sum = 0;
  for (const term of terms) {
    if (term.shift === undefined || term.shift === 0) sum += slopeOfTerm(term, l, p, complement, lost);
    else sum += p * slopeByProbability(term, term.shift, p, complement);
  }
  return sum;
}

/** The part of d psi / dp that terms with a shift have: finite at p = 0, where psi' = p d psi / dp is 0. */
export function shiftedSlope(terms: readonly SurprisalTerm[], p: number, complement: number): number {
  let sum = 0;
  for (const term of terms) if (term.shift !== undefined) sum += slopeByProbability(term, term.shift, p, complement);
  return sum;
}

/** d psi / dp of one term of r = p + shift: psi'(log r) / r; 0 from 1 on. */
function slopeByProbability(term: SurprisalTerm, shift: number, p: number, complement: number): number {
  if (shift === 0 || !(complement > shift)) return 0;
  const rest = complement - shift;
  const shifted = p + shift;
  return slopeOfTerm(term, logarithmOfShifted(shifted, rest), shifted, rest, 0) / shifted;
}

/** log r from r and 1 - r, of which each is known better than the other is from it. */
export function logarithmOfShifted(shifted: number, rest: number): number {
  return rest < 0.5 ? log1p(-rest) : log(shifted);
}

/** One term of l and 1 - p. */
function costOfTerm({ coefficient, power, order }: SurprisalTerm, l: number, complement: number): number {
  return coefficient * modulation(complement, power) * costOfOrder(order, l);
}

/** The derivative of one term by l. */
export function slopeOfTerm(
  { coefficient, power, order }: SurprisalTerm,
  l: number,
  p: number,
  complement: number,
  lost: number,
): number {
  let bracket = powerOfProbability(p, l, lost, order);
  // Where p is 0 the product p T_q is, too: p goes faster than its logarithm.
  if (power > 0 && p > 0) bracket += power * p * costPerComplement(order, l, complement);
  return -coefficient * modulation(complement, power) * bracket;
}

/** (1 - p)^a. */
function modulation(complement: number, power: number): number {
  if (power === 0) return 1;
  if (power === 1) return complement;
  return power === 2 ? complement * complement : pow(complement, power);
}

/** T_q(l). */
function costOfOrder(order: number, l: number): number {
  return order === 0 ? -l : -expm1(order * l) / order;
}

/** T_q(l) / (1 - p), whose limit at p = 1 is 1. */
function costPerComplement(order: number, l: number, complement: number): number {
  return complement === 0 ? 1 : costOfOrder(order, l) / complement;
}

/** p^q. The logarithm serves only where p itself has lost digits or underflowed. */
export function powerOfProbability(p: number, l: number, lost: number, order: number): number {
  if (order === 0) return 1;
  if (order === 1) return p;
  return p >= SMALLEST_POWERED ? pow(p, order) : exponentialOfProduct(order, l, lost);
}

/** 2^27 + 1: splits a number into two halves of 26 bits, whose products are exact. */
const SPLITTER = 134217729;

/**
 * exp(q (l + lost)). The rounding of the product q l alone would cost up to half of |q l| units, so that its error is
 * found by Dekker's product and goes into a factor of its own.
 */
function exponentialOfProduct(q: number, l: number, lost: number): number {
  const product = q * l;
  const qHigh = q * SPLITTER - (q * SPLITTER - q);
  const lHigh = l * SPLITTER - (l * SPLITTER - l);
  const qLow = q - qHigh;
  const lLow = l - lHigh;
  const error = qLow * lLow - (product - qHigh * lHigh - qLow * lHigh - qHigh * lLow);
  const value = exp(product);
  return value === 0 ? 0 : value + value * (error + q * lost);
}
