/** Takes out of a drawing what the page says once, and digits that nobody sees: a page holds hundreds of drawings. */
export function compactSvg(svg: string): string {
  return svg
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/ class="plot-[^"]*"/, ' aria-hidden="true"')
    .replace(/ text-anchor="middle" font-size="10" font-family="system-ui, sans-serif" fill="currentColor"/, '')
    .replaceAll(/ aria-label="[^"]*"/g, '')
    .replaceAll(/ stroke-line(?:cap|join)="round"/g, '')
    .replaceAll(/ d="(M[\d.,L-]+)"/g, (_, path: string) => ` d="${compactPath(path)}"`)
    .replaceAll(/ (?:d|transform|[xyr][12]?|width|height|points|cx|cy)="[^"]*"/g, (attribute) =>
      attribute.replaceAll(/-?\d+\.\d+/g, (digits) => tenths(Number(digits))),
    )
    .replaceAll(' />', '/>')
    .replaceAll(/(?:<path d="M[^"]+" transform="translate\([^)]+\)"\/>){2,}/g, (symbols) => joinSymbols(symbols));
}

/** Symbols of a series side by side as one path: that of each moved to its place, in steps from its first corner. */
function joinSymbols(symbols: string): string {
  const moved = [...symbols.matchAll(/d="([^"]+)" transform="translate\(([^,]+),([^)]+)\)"/g)].map(
    ([, path = '', x, y]) => moveSymbol(path, [Number(x), Number(y)]),
  );
  return `<path d="${moved.join('')}"/>`;
}

function moveSymbol(path: string, [x, y]: Point): string {
  const [first, ...others] = path
    .slice(1)
    .split('L')
    .map((point) => /^([^,]+),([-\d.]+)(.*)$/.exec(point) ?? [])
    .map(([, left, right, rest = '']) => ({ corner: [Number(left), Number(right)] as const, rest }));
  const { corner: [left, top] = [0, 0], rest = '' } = first ?? {};
  let [fromX, fromY] = [left, top];
  const steps = others.map(({ corner: [toX, toY], rest: after }) => {
    const step = `l${tenths(toX - fromX)} ${tenths(toY - fromY)}${after}`;
    [fromX, fromY] = [toX, toY];
    return step;
  });
  return `M${tenths(x + left)} ${tenths(y + top)}${rest}${steps.join('')}`.replaceAll(' -', '-');
}

/** A line as steps from point to point. One of hundreds of points is drawn at twice its size, and needs whole pixels only. */
function compactPath(path: string): string {
  const points = path
    .slice(1)
    .split('L')
    .map((point) => point.split(',').map(Number))
    .map(([x = 0, y = 0]): Point => [x, y]);
  const digit = points.length > LONG ? 1 : 0.1;
  const kept = simplify(points, digit / 2).map(([x, y]): Point => [round(x, digit), round(y, digit)]);
  const steps = kept.slice(1).map(([x, y], index) => {
    const [fromX, fromY] = kept[index] ?? [0, 0];
    return `${tenths(x - fromX)} ${tenths(y - fromY)}`;
  });
  return `M${(kept[0] ?? []).map(tenths).join(' ')}${steps.length > 0 ? 'l' : ''}${steps.join(' ')}`.replaceAll(
    ' -',
    '-',
  );
}

type Point = readonly [x: number, y: number];

const LONG = 150;

function round(value: number, digit: number): number {
  return Math.round(value / digit) * digit;
}

/** 0.5 as `.5`. */
function tenths(value: number): string {
  return String(Number(value.toFixed(1))).replace(/^(-?)0\./, '$1.');
}

/** The points of a line without those that are nearer than a distance to what is left (Ramer, Douglas and Peucker). */
function simplify(points: readonly Point[], distance: number): readonly Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 3) return points;
  const inner = points.slice(1, -1).map((point) => distanceTo(point, first, last));
  const farthest = Math.max(...inner);
  if (farthest <= distance) return [first, last];
  const at = inner.indexOf(farthest) + 1;
  return [...simplify(points.slice(0, at + 1), distance).slice(0, -1), ...simplify(points.slice(at), distance)];
}

/** From a point to the straight line through two others. */
function distanceTo([x, y]: Point, [x1, y1]: Point, [x2, y2]: Point): number {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length === 0) return Math.hypot(x - x1, y - y1);
  return Math.abs((y2 - y1) * (x - x1) - (x2 - x1) * (y - y1)) / length;
}
