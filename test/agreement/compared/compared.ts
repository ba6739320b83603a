// What is compared with another library: values of ours beside values of theirs, so that a test can hold them and a page can say how far
// they lie apart.

/** Values that should be the same but for rounding. */
export interface Pair {
  label: string;
  got: ArrayLike<number>;
  theirs: ArrayLike<number>;
  /** Largest difference, as a share of the largest of theirs. */
  tolerance: number;
}

export interface Compared {
  /** What is compared, by its name there: a layer, a loss, an operation. */
  part: string;
  /** One of several comparisons of a part. */
  title: string;
  /** The other library, with its version. */
  judge: string;
  /** Computes ours. */
  pairs(): Pair[];
}

/** An array as fixtures keep it: float32 in base64. */
export interface Kept {
  shape: number[];
  data: string;
}

export const floats = ({ data }: Kept): Float32Array => {
  const bytes = Buffer.from(data, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
};

/** The largest difference, as a share of the largest of theirs; of zeros alone, the largest of ours. */
export function distanceOf({ got, theirs }: Pair): number {
  let [largest, scale] = [0, 0];
  for (let i = 0; i < theirs.length; ++i) {
    const [one, other] = [got[i]!, theirs[i]!];
    // Where both are the same infinity, or both NaN, nothing lies between.
    if (!Object.is(one, other) && one !== other) largest = Math.max(largest, Math.abs(one - other));
    scale = Math.max(scale, Math.abs(other));
  }
  return scale === 0 ? largest : largest / scale;
}
