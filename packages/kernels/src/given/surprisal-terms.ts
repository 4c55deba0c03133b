import type { SurprisalTerm } from '@surprisal/core';
import { expm1, exp, pow } from '../scalar/index.js';

/*
 * A surprisal psi(l) = sum of terms c (1 - p)^a T_q(l), with T_q(l) = -expm1(q l) / q and T_0(l) = -l, and its derivative
 *
 *     psi'(l) = -sum of c (1 - p)^a [p^q + a p T_q(l) / (1 - p)],
 *
 * in which nothing cancels. The caller gives p and 1 - p = `complement` beside l, since both are known more accurately from
 * the row's sums than from l. As p goes to 1, T_q / (1 - p) goes to 1, and a < 1 stays finite.
 */

/** 2^-1025: what is smaller has lost more than three bits to underflow. */
const SMALLEST_POWERED = 2.781342323134e-309;

/** psi(l); Infinity at p = 0 for a term of order 0. */
export function surprisal(terms: readonly SurprisalTerm[], l: number, complement: number): number {
  let sum = 0;
  for (const { coefficient, power, order } of terms) {
    if (coefficient !== 0) sum += coefficient * modulation(complement, power) * costOfOrder(order, l);
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
  for (const { coefficient, power, order } of terms) {
    let bracket = powerOfProbability(p, l, lost, order);
    // Where p is 0 the product p T_q is, too: p goes faster than its logarithm.
    if (power > 0 && p > 0) bracket += power * p * costPerComplement(order, l, complement);
    sum -= coefficient * modulation(complement, power) * bracket;
  }
  return sum;
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
function powerOfProbability(p: number, l: number, lost: number, order: number): number {
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
