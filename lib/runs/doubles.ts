/** Plain data as text that reads back the same, whatever doubles are in it: JSON has no NaN, no infinity and no -0. */

const word = 'double';

/** The text. */
export const doublesText = (value: unknown): string =>
  JSON.stringify(value, (_name, one: unknown) => {
    const isPlain = typeof one !== 'number' || (Number.isFinite(one) && !Object.is(one, -0));
    return isPlain ? one : { [word]: Object.is(one, -0) ? '-0' : String(one) };
  });

/** The data that `doublesText` wrote. Throws SyntaxError for another text. */
export const parseDoubles = (text: string): unknown =>
  JSON.parse(text, (_name, one: unknown) => {
    const told = (one as { [word]?: unknown } | null)?.[word];
    return typeof one === 'object' && typeof told === 'string' ? Number(told) : one;
  });
