/** A column of float32 values as numpy prints it: one notation and one width for all of them. */

/** Prints one value of the column. */
export type FloatColumn = (value: number) => string;

const PRECISION = 8;

/** Fewest digits, at most 9, that name this float32 and no other: `-1.23e-5`. */
function shortest(value: number): { digits: string; exponent: number } {
  let text = '';
  for (let precision = 0; precision < 9; precision += 1) {
    text = Math.abs(value).toExponential(precision);
    if (Math.fround(Number(text)) === Math.abs(value)) break;
  }
  const [mantissa, exponent] = text.split('e') as [string, string];
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

/** |value| * 10^power as an integer, exactly halfway to the even one. */
function rounded(value: number, power: number): bigint {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0]!;
  const biased = (bits >>> 23) & 0xff;
  const fraction = BigInt(bits & 0x7fffff) | (biased === 0 ? 0n : 0x800000n);
  const shift = Math.max(biased, 1) - 150;
  const numerator = fraction * 2n ** BigInt(Math.max(shift, 0)) * 10n ** BigInt(Math.max(power, 0));
  const denominator = 2n ** BigInt(Math.max(-shift, 0)) * 10n ** BigInt(Math.max(-power, 0));
  const whole = numerator / denominator;
  const twice = 2n * (numerator - whole * denominator);
  const up = twice > denominator || (twice === denominator && whole % 2n === 1n);
  return up ? whole + 1n : whole;
}

const signOf = (value: number) => (value < 0 || Object.is(value, -0) ? '-' : '');

/** `-12.25`, split at the point; eight digits after it at most, none that is not needed. */
function positional(value: number): { whole: string; fraction: string } {
  const { digits, exponent } = shortest(value);
  const places = Math.max(0, digits.length - 1 - exponent);
  const kept = Math.min(places, PRECISION);
  const text = String(rounded(value, kept)).padStart(kept + 1, '0');
  const cut = text.length - kept;
  return { whole: signOf(value) + text.slice(0, cut), fraction: text.slice(cut).replace(/0+$/, '') };
}

/** `-1.25e-05` with `places` digits after the point. */
function scientific(value: number, places: number): string {
  let exponent = value === 0 ? 0 : Number(Math.abs(value).toExponential(20).split('e')[1]);
  let digits = String(rounded(value, places - exponent));
  if (digits.length > places + 1) {
    digits = digits.slice(0, -1);
    exponent += 1;
  }
  digits = digits.padEnd(places + 1, '0');
  const size = String(Math.abs(exponent)).padStart(2, '0');
  return `${signOf(value)}${digits[0]}.${digits.slice(1)}e${exponent < 0 ? '-' : '+'}${size}`;
}

/** Digits after the point that the shortest name of a value has in scientific notation. */
function scientificPlaces(value: number): number {
  const { digits } = shortest(value);
  return digits.length - 1 > PRECISION ? PRECISION : digits.length - 1;
}

function needsScientific(finite: readonly number[]): boolean {
  const sizes = finite.filter((value) => value !== 0).map(Math.abs);
  if (sizes.length === 0) return false;
  const largest = sizes.reduce((a, b) => Math.max(a, b));
  const smallest = sizes.reduce((a, b) => Math.min(a, b));
  return largest >= 1e8 || smallest < 1e-4 || Math.fround(largest / smallest) > 1000;
}

const widest = (texts: readonly string[]) => texts.reduce((width, text) => Math.max(width, text.length), 0);

/** How to print each of these float32 values so that they line up. */
export function floatColumn(values: readonly number[]): FloatColumn {
  const finite = values.filter(Number.isFinite);
  const names = values.filter((value) => !Number.isFinite(value)).map(nameOf);
  if (needsScientific(finite)) {
    const places = finite.reduce((most, value) => Math.max(most, scientificPlaces(value)), 0);
    const width = widest([...finite.map((value) => scientific(value, places)), ...names]);
    return (value) => (Number.isFinite(value) ? scientific(value, places) : nameOf(value)).padStart(width);
  }
  const parts = finite.map(positional);
  const right = widest(parts.map(({ fraction }) => fraction));
  const point = finite.length === 0 ? 0 : 1;
  const left = Math.max(widest(parts.map(({ whole }) => whole)), widest(names) - right - point);
  return (value) => {
    if (!Number.isFinite(value)) return nameOf(value).padStart(left + right + point);
    const { whole, fraction } = positional(value);
    return `${whole.padStart(left)}.${fraction.padEnd(right)}`;
  };
}

function nameOf(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return value < 0 ? '-inf' : 'inf';
}
