/** Axes as options: numbers of axes, negative ones counted from the end. */
import { ArgumentError, show } from '../errors/index.js';

/** One axis of `rank`, from 0. Throws ArgumentError for one that is not there. */
export function axisOption(who: string, rank: number, axis: number): number {
  const place = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(place) && place >= 0 && place < rank) return place;
  const expected = rank === 0 ? 'x with axes' : `axis to be an integer from ${-rank} to ${rank - 1}`;
  throw new ArgumentError({ who, expected, got: rank === 0 ? 'a scalar' : show(axis) });
}

/** Different axes of `rank`, from 0; all without a list. Throws ArgumentError for an axis that is not there or stands twice. */
export function axesOption(who: string, rank: number, axes: readonly number[] | undefined): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const places = Array.isArray(axes) ? axes.map((axis) => (axis < 0 ? axis + rank : axis)) : [Number.NaN];
  const valid = places.every((place) => Number.isInteger(place) && place >= 0 && place < rank);
  if (valid && new Set(places).size === places.length) return places;
  throw new ArgumentError({ who, expected: `different axes from ${-rank} to ${rank - 1}`, got: show(axes) });
}
