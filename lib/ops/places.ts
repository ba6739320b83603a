/** Lists of places along an axis, as users give them: read and checked on the host, before any work. */
import { ArgumentError, show } from '../errors/index.js';
import { type NumberArray, type Shape, Tensor } from '../tensor/index.js';
import { expectDtype } from './kernel.js';

const most = 2 ** 31; // places that an int32 can name

/** The name of value `at` of a list of this shape: `indices[1][0]`. */
function placeName(name: string, shape: Shape, at: number): string {
  const digits = [];
  for (let axis = shape.length - 1, rest = at; axis >= 0; axis--) {
    digits.unshift(`[${rest % shape[axis]!}]`);
    rest = Math.floor(rest / shape[axis]!);
  }
  return name + digits.join('');
}

/**
 * The places of a list, a typed array or an int32 tensor, as a new array, and their shape; with `fromEnd`, -1 is the last of `length`.
 * Throws ArgumentError for what is no list and for the first value that is no place, DtypeError for a tensor of another dtype.
 */
export function placesOf(
  who: string,
  name: string,
  list: readonly number[] | NumberArray | Tensor,
  { length, fromEnd = false }: { length: number; fromEnd?: boolean },
) {
  if (list instanceof Tensor) expectDtype(who, name, list, 'int32');
  const values = list instanceof Tensor ? list.data() : list;
  if (!Array.isArray(values) && (!ArrayBuffer.isView(values) || values instanceof DataView)) {
    throw new ArgumentError({
      who,
      expected: `${name} to be a list, a typed array or an int32 tensor`,
      got: show(list),
    });
  }
  const shape: Shape = list instanceof Tensor ? list.shape : [values.length];
  const places = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const told = values[i]!;
    const place = fromEnd && told < 0 ? told + length : told;
    if (!Number.isSafeInteger(place) || place < 0 || place >= length || place >= most) {
      const which = placeName(name, shape, i);
      const range = `${which} to be an integer from ${fromEnd ? -length : 0} to ${Math.min(length, most) - 1}`;
      const expected = length === 0 ? `no ${name} along an axis of length 0` : range;
      throw new ArgumentError({ who, expected, got: length === 0 ? `${values.length}` : show(told) });
    }
    places[i] = place;
  }
  return { places, shape };
}

/** The numbers of a list's values sorted by place, those of one place ascending, and where the numbers of each place begin. */
export function byPlace(places: Int32Array, length: number) {
  const starts = new Int32Array(length + 1);
  for (const place of places) starts[place + 1]! += 1;
  for (let place = 0; place < length; place++) starts[place + 1]! += starts[place]!;
  const next = starts.slice();
  const order = new Int32Array(places.length);
  for (const [i, place] of places.entries()) order[next[place]!++] = i;
  return { order, starts };
}
