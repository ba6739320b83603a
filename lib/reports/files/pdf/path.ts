/** Paths of SVG as those of PDF: the commands that vega writes, arcs as curves. */

/** A number as PDF has it. */
export const number = (value: number): string => {
  const text = value.toFixed(4).replace(/\.?0+$/, '');
  return text === '-0' ? '0' : text;
};

/** Numbers a command takes. */
const arity: Readonly<Record<string, number>> = { M: 2, L: 2, H: 1, V: 1, C: 6, A: 7, Z: 0 };

type Point = readonly [x: number, y: number];

const line = (operator: string, points: readonly Point[]) => `${points.flat().map(number).join(' ')} ${operator}`;

/** An arc between two points as curves of at most a quarter turn each (SVG 2, appendix B.2.4: from ends to a centre). */
function arc([x0, y0]: Point, [rx, ry, turn, large, sweep, x1, y1]: readonly number[]): string[] {
  const [cos, sin] = [Math.cos((turn! * Math.PI) / 180), Math.sin((turn! * Math.PI) / 180)];
  const [dx, dy] = [(x0 - x1!) / 2, (y0 - y1!) / 2];
  const [px, py] = [cos * dx + sin * dy, cos * dy - sin * dx];
  const grown = Math.max(1, Math.sqrt((px / rx!) ** 2 + (py / ry!) ** 2));
  const [a, b] = [rx! * grown, ry! * grown];
  const rest = Math.max(0, a * a * b * b - a * a * py * py - b * b * px * px);
  const size = (large === sweep ? -1 : 1) * Math.sqrt(rest / (a * a * py * py + b * b * px * px));
  const [qx, qy] = [(size * a * py) / b, (-size * b * px) / a];
  const center: Point = [cos * qx - sin * qy + (x0 + x1!) / 2, sin * qx + cos * qy + (y0 + y1!) / 2];
  const from = Math.atan2((py - qy) / b, (px - qx) / a);
  let span = Math.atan2((-py - qy) / b, (-px - qx) / a) - from;
  if (sweep === 0 && span > 0) span -= 2 * Math.PI;
  if (sweep !== 0 && span < 0) span += 2 * Math.PI;
  const count = Math.max(1, Math.ceil(Math.abs(span) / (Math.PI / 2) - 1e-9));
  const step = span / count;
  const handle = (4 / 3) * Math.tan(step / 4);
  const at = (x: number, y: number): Point => [
    center[0] + cos * a * x - sin * b * y,
    center[1] + sin * a * x + cos * b * y,
  ];
  return Array.from({ length: count }, (_, i) => {
    const [s, e] = [from + i * step, from + (i + 1) * step];
    const first = at(Math.cos(s) - handle * Math.sin(s), Math.sin(s) + handle * Math.cos(s));
    const second = at(Math.cos(e) + handle * Math.sin(e), Math.sin(e) - handle * Math.cos(e));
    return line('c', [first, second, at(Math.cos(e), Math.sin(e))]);
  });
}

/** The operators of a path. Throws for a command that vega does not write. */
export function pathOperators(d: string): string[] {
  const operators: string[] = [];
  let [x, y] = [0, 0];
  let start: Point = [0, 0];
  for (const [, letter, rest] of d.matchAll(/([a-z])([^a-z]*)/gi)) {
    const name = letter!.toUpperCase();
    const count = arity[name];
    const numbers = (rest!.match(/-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi) ?? []).map(Number);
    const fits = count === 0 ? numbers.length === 0 : numbers.length > 0 && numbers.length % (count ?? 0) === 0;
    if (count === undefined || !fits) throw new Error(`a figure has a path with ${letter}${rest}`);
    const isRelative = letter !== name;
    for (let i = 0; i < Math.max(1, numbers.length); i += Math.max(1, count)) {
      const own = numbers.slice(i, i + count);
      const [fromX, fromY] = isRelative ? [x, y] : [0, 0];
      if (name === 'Z') {
        operators.push('h');
        [x, y] = start;
      } else if (name === 'H' || name === 'V') {
        if (name === 'H') x = own[0]! + fromX;
        else y = own[0]! + fromY;
        operators.push(line('l', [[x, y]]));
      } else if (name === 'A') {
        const [endX, endY] = [own[5]! + fromX, own[6]! + fromY];
        if (own[0] === 0 || own[1] === 0) operators.push(line('l', [[endX, endY]]));
        else if (endX !== x || endY !== y)
          for (const one of arc([x, y], [...own.slice(0, 5), endX, endY])) operators.push(one);
        [x, y] = [endX, endY];
      } else {
        const points = Array.from(
          { length: count / 2 },
          (_, k): Point => [own[2 * k]! + fromX, own[2 * k + 1]! + fromY],
        );
        operators.push(line(name === 'C' ? 'c' : name === 'M' && i === 0 ? 'm' : 'l', points));
        [x, y] = points.at(-1)!;
        if (name === 'M' && i === 0) start = [x, y];
      }
    }
  }
  return operators;
}
