/** The means of an epoch by name, whatever was measured, and how they are called and printed. */

/** Of an epoch, what is no mean. */
const others = ['epoch', 'seconds', 'weightsHash'];

/** A mean of one epoch: `valAccuracy` is `accuracy` of `validation`. Null where it is no finite number. */
export interface Measured {
  name: string;
  /** Its name without `val`. */
  of: string;
  validation: boolean;
  value: number | null;
}

const isValidation = (name: string) => /^val[A-Z]/.test(name);

/** The name without `val`: `accuracy` for `valAccuracy`. */
const withoutVal = (name: string) => (isValidation(name) ? name[3]!.toLowerCase() + name.slice(4) : name);

/** The means in what is told of an epoch, as they stand there; those of validation only if one of them is a number. */
export function measuresOf(epoch: object): Measured[] {
  const found = Object.entries(epoch).flatMap(([name, value]): Measured[] => {
    if (others.includes(name) || (value !== null && typeof value !== 'number')) return [];
    return [{ ...measuredAs(name), value }];
  });
  const validated = found.some(({ validation, value }) => validation && value !== null);
  return found.filter(({ validation }) => !validation || validated);
}

/** `categoricalAccuracy` as people write it: `categorical accuracy`. */
export const wordsOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** A mean of this name, before its value is known. */
export const measuredAs = (name: string): Omit<Measured, 'value'> => ({
  name,
  of: withoutVal(name),
  validation: isValidation(name),
});

/** Whether values of this name are shares, from 0 to 1. */
export const isShare = (name: string): boolean => /accuracy$/i.test(name);

/** A mean in a line: three digits of a share, four of anything else, as a power of ten where that would leave too few. */
export function shortValue({ of, value }: Pick<Measured, 'of' | 'value'>): string {
  if (value === null) return '-';
  if (isShare(of)) return value.toFixed(3);
  return value === 0 || Math.abs(value) >= 1e-3 ? value.toFixed(4) : value.toExponential(3);
}
