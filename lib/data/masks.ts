/** Masks: pictures in which each value is a class. One, or several of the things of one picture, become the classes of its pixels. */
import { DamagedPicture, type DecodeLimits, decode } from './decode.js';
import type { PictureForm } from './picture_form.js';

/** A file of a mask. */
export interface MaskFile {
  path: string;
  bytes: Uint8Array;
}

type Size = { height: number; width: number };

/** The class of each pixel of one mask. Throws DamagedPicture, naming file and place, for another size and for other values. */
async function classesIn({ path, bytes }: MaskFile, size: Size, form: PictureForm & DecodeLimits) {
  const refuse = (what: string): never => {
    throw new DamagedPicture(`mask '${path}' ${what}`);
  };
  const decoded = await decode(path, bytes, form).catch((error: unknown) => {
    if (error instanceof DamagedPicture) return refuse(`is damaged: ${error.message}`);
    throw error;
  });
  const { height, width, pixels } = decoded;
  if (height !== size.height || width !== size.width) {
    refuse(`is ${width} x ${height} pixels beside a picture of ${size.width} x ${size.height}`);
  }
  const known = new Map(form.maskValues!.map((value, label) => [value, label]));
  return Uint8Array.from({ length: height * width }, (_, i) => {
    const [red, green, blue] = [pixels[3 * i]!, pixels[3 * i + 1]!, pixels[3 * i + 2]!];
    const label = red === green && green === blue ? known.get(red) : undefined;
    if (label !== undefined) return label;
    const found = red === green && green === blue ? `${red}` : `the colour ${red}, ${green}, ${blue}`;
    const place = `row ${Math.floor(i / width)}, column ${i % width}`;
    return refuse(`has ${found} in ${place}, where the classes are ${form.maskValues!.join(', ')}`);
  });
}

/**
 * The class of each pixel in the size of the form: the mask's pixel in whose square the middle of the new one lies. Of several
 * masks a pixel has the largest class. Rejects with DamagedPicture.
 */
export async function joinedMask(
  masks: readonly MaskFile[],
  size: Size,
  form: PictureForm & DecodeLimits,
): Promise<Uint8Array> {
  const whole = new Uint8Array(size.height * size.width);
  for (const mask of masks) {
    const own = await classesIn(mask, size, form);
    for (let i = 0; i < whole.length; i++) if (own[i]! > whole[i]!) whole[i] = own[i]!;
  }
  return nearest(whole, size, form);
}

/** Rows and columns by the nearest place: floor((i + 1/2) * from / to), in whole numbers. */
function nearest(values: Uint8Array, from: Size, to: Size): Uint8Array {
  const place = (i: number, length: number, wanted: number) => Math.floor(((2 * i + 1) * length) / (2 * wanted));
  const out = new Uint8Array(to.height * to.width);
  for (let row = 0; row < to.height; row++) {
    const line = place(row, from.height, to.height) * from.width;
    for (let column = 0; column < to.width; column++) {
      out[row * to.width + column] = values[line + place(column, from.width, to.width)]!;
    }
  }
  return out;
}
