import { describe, expect, test } from 'vitest';
import { compactSvg } from './compact-svg.js';

/** The points of a compact path, by the rules of SVG: a place, then steps. */
function pointsOf(svg: string): (readonly [number, number])[] {
  const path = / d="M([^"l]*)l?([^"]*)"/.exec(svg);
  const numbers = (path?.slice(1).join(' ') ?? '').match(/-?(?:\d*\.\d+|\d+)/g)?.map(Number) ?? [];
  let [x, y] = [0, 0];
  return Array.from({ length: numbers.length / 2 }, (_, index) => {
    x += numbers[2 * index];
    y += numbers[2 * index + 1];
    return [x, y];
  });
}

/** How far a point is from a line of points, at its place along x. */
function offset([x, y]: readonly [number, number], line: readonly (readonly [number, number])[]): number {
  const at = line.findIndex(([end]) => end >= x - 0.05);
  const [[x1, y1], [x2, y2]] = [line[Math.max(0, at - 1)], line[at]];
  const share = x2 === x1 ? 0 : (x - x1) / (x2 - x1);
  return Math.abs(y1 + share * (y2 - y1) - y);
}

describe('a compact drawing', () => {
  // A digit is 0.1 pixels, or 1 of a long line. Half of one is left out across the line, and 0.71 rounded away; the wave's
  // slope of 2.4 makes 2.6 times as much of it upright.
  test.each([
    [100, 0.32],
    [400, 3.2],
  ])('of %i points has its line within %d pixels of where it was, in fewer characters', (count, pixels) => {
    const points = Array.from({ length: count }, (_, index) => [index * 1.37, 40 + 30 * Math.sin(index / 9)] as const);
    const path = `M${points.map((point) => point.map((value) => value.toFixed(3)).join(',')).join('L')}`;
    const svg = compactSvg(`<svg><path d="${path}" /></svg>`);
    const line = pointsOf(svg);
    expect(Math.max(...points.map((point) => offset(point, line)))).toBeLessThan(pixels);
    expect(svg.length).toBeLessThan(path.length / 2);
  });

  test('keeps steps, single points and signs of negative numbers', () => {
    expect(compactSvg('<path d="M0,0L10,0L10,-5.27L20,-5.27" />')).toBe('<path d="M0 0l10 0 0-5.3 10 0"/>');
    expect(compactSvg('<path d="M3.14159,2" />')).toBe('<path d="M3.1 2"/>');
  });

  test('joins symbols of one series to a path, each where it was', () => {
    const triangle = 'd="M0,-3.9L3.4,1.9L-3.4,1.9Z"';
    const square = 'd="M-2.2,-2.2h4.4v4.4h-4.4Z"';
    const at = (path: string, x: number, y: number): string => `<path ${path} transform="translate(${x},${y})"/>`;
    expect(compactSvg(`<g>${at(triangle, 10, 20)}${at(triangle, 30.5, 7)}</g>`)).toBe(
      '<g><path d="M10 16.1l3.4 5.8l-6.8 0ZM30.5 3.1l3.4 5.8l-6.8 0Z"/></g>',
    );
    expect(compactSvg(`<g>${at(square, 10, 20)}${at(square, 1, 2)}</g>`)).toBe(
      '<g><path d="M7.8 17.8h4.4v4.4h-4.4ZM-1.2-.2h4.4v4.4h-4.4Z"/></g>',
    );
    expect(compactSvg(`<g>${at(square, 10, 20)}</g>`)).toContain('translate(10,20)');
  });

  test('leaves texts alone', () => {
    const text = '<text x="1.23456">1.23456 d="M0,0L1.23456,1"</text>';
    expect(compactSvg(text)).toContain('>1.23456 ');
  });
});
