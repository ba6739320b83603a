/** How a difference is told to people, in verify and diff alike. */
import type { ElementDifference } from '../audit/index.js';

/** The first element that differs, with the value of each side under its name. */
export function elementLines(
  { at, a, b, ulp, ...rest }: ElementDifference,
  names: readonly [string, string],
): string[] {
  const width = names.reduce((most, one) => Math.max(most, one.length), 0) + 2;
  const line = (name: string, { decimal, hex }: { decimal: string; hex: string }) =>
    `${name.padEnd(width)}${decimal}  ${hex}`;
  return [
    `element [${at.join(', ')}] of ${rest.tensor} [${rest.shape.join(', ')}]`,
    line(names[0], a),
    line(names[1], b),
    `${ulp === null ? '' : `${ulp} ulp apart; `}${rest.differing} of ${rest.elements} elements differ`,
  ];
}
