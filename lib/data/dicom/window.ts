/**
 * How stored values become 0 to 255. `file`, the default: by the first window of the file, on its rescaled values (PS3.3,
 * C.11.2.1.2), or, where it has none, as `full`: from 0 to the largest that the stored bits hold. `center,width`: by that window.
 * MONOCHROME1, where small values are bright, is turned round. In double, rounded to float32 once.
 */
import { ArgumentError, show } from '../../errors/index.js';
import { DamagedPicture } from '../decode.js';
import type { DecodedDicom } from './index.js';

type Window = { center: number; width: number; exact: boolean };

const number = String.raw`([+-]?(?:\d+\.?\d*|\.\d+))`;
const pair = new RegExp(`^${number},${number}$`);

/** The window that the user asks for; undefined for `file`. Throws ArgumentError. */
export function windowOption(who: string, given: unknown): string | undefined {
  if (given === undefined || given === 'file') return undefined;
  const [, , width] = (typeof given === 'string' && pair.exec(given)) || [];
  if (given === 'full' || (width !== undefined && Number(width) >= 1)) return given as string;
  const expected = 'window to be file, full, or CENTER,WIDTH with a width of 1 or more';
  throw new ArgumentError({ who, expected, got: show(given) });
}

function windowed(value: number, { center, width, exact }: Window): number {
  const [middle, whole] = exact ? [center, width] : [center - 0.5, width - 1];
  if (value <= middle - whole / 2) return 0;
  if (value > middle + whole / 2) return 255;
  return ((value - middle) / whole + 0.5) * 255;
}

/** The values of a picture from 0, black, to 255. Throws DamagedPicture where the file does not say how. */
export function dicomWindow(picture: DecodedDicom, asked: string | undefined): Float32Array {
  const { values, bits, inverted, slope, intercept, voi, doubt } = picture;
  const [, center, width] = (asked !== undefined && pair.exec(asked)) || [];
  const window =
    center === undefined ? (asked === 'full' ? undefined : voi) : { center: +center, width: +width!, exact: false };
  if (doubt !== undefined && asked !== 'full')
    throw new DamagedPicture(`${doubt}, which is not read; window full does without`);
  const most = 2 ** bits - 1;
  const of = window
    ? (value: number) => windowed(value * slope + intercept, window)
    : (value: number) => (value / most) * 255;
  return Float32Array.from(values, (value) => (inverted ? 255 - of(value) : of(value)));
}
