/** What pictures become: their size, their channels, the bits of a value, and whether a mask belongs to each. */
import { ArgumentError, show } from '../errors/index.js';
import type { Shape } from '../tensor/index.js';
import type { Targets } from './split.js';

/** What the user says of pictures, by name: `--data-option channels=1`. */
export interface PictureOptions {
  /** 3 for colours, 1 for grey: 0.299 R + 0.587 G + 0.114 B. Default 3. */
  channels: 1 | 3;
  /** 8 for bytes; 16 for float32 values from 0 to 255 that keep all 16 bits: a stored value / 257. Default 8. */
  bits: 8 | 16;
}

/** What a picture becomes. */
export interface PictureForm extends PictureOptions {
  height: number;
  width: number;
  /** Values in files of masks, by the number of their class; absent where pictures have no masks. */
  maskValues?: readonly number[] | undefined;
  /** How values of DICOM files are brought to 0 to 255; see `windowOf`. */
  window?: string | undefined;
}

/** The options of pictures, by name. */
export const pictureOptionNames = ['channels', 'bits'] as const;

/** One of a few numbers. Throws ArgumentError. */
function numberOf<T extends number>(who: string, name: string, value: unknown, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  throw new ArgumentError({ who, expected: `${name} to be ${known.join(' or ')}`, got: show(value) });
}

/** The options of pictures with their defaults. Throws ArgumentError. */
export function pictureOptionsOf(who: string, given: Readonly<Record<string, unknown>>): PictureOptions {
  const { channels = 3, bits = 8 } = given;
  return {
    channels: numberOf(who, 'channels', channels, [1, 3]),
    bits: numberOf(who, 'bits', bits, [8, 16]),
  };
}

/** Shape of one picture. */
export const pictureShape = ({ height, width, channels }: PictureForm): Shape => [height, width, channels];

/** Bytes of the values of a picture: one each, or those of a float32. */
export const pixelBytes = ({ height, width, channels, bits }: PictureForm): number =>
  height * width * channels * (bits === 16 ? 4 : 1);

/** Bytes of a picture and its mask, which lie one after the other. */
export const recordBytes = (form: PictureForm): number =>
  pixelBytes(form) + (form.maskValues === undefined ? 0 : form.height * form.width);

/** What the targets of pictures are. */
export function targetsOf({ height, width, maskValues }: PictureForm, classes: number): Targets {
  if (maskValues === undefined) return { kind: 'class', shape: [], classes };
  return { kind: 'mask', shape: [height, width], classes };
}
