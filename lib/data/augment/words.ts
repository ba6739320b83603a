/** The steps of an augmentation in words of a command line, as `rotation:factor=0.1` or `elastic:alpha=34,sigma=4`. */
import { parseWords } from '../../classes/index.js';
import { ArgumentError, checkOptions, show } from '../../errors/index.js';

/** What one option may be. */
type Check = { of: (value: unknown) => boolean; words: string };

const share = (most: number): Check => ({
  of: (value) => typeof value === 'number' && value >= 0 && value <= most,
  words: `a number from 0 to ${most}`,
});
const positive: Check = {
  of: (value) => typeof value === 'number' && value > 0 && value < 1e6,
  words: 'a number above 0',
};
const pixels: Check = {
  of: (value) => Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= 4096,
  words: 'an integer from 1 to 4096',
};
const modes = ['horizontal', 'vertical', 'horizontal_and_vertical'];
const mode: Check = { of: (value) => modes.includes(value as string), words: `one of ${modes.join(', ')}` };

/** What each step takes, with its defaults; an option without a default has to be given. */
const kinds = {
  /** A window of the picture's size out of the picture with `padding` pixels of 0 on each side. */
  crop: { padding: { check: pixels, default: 4 } },
  flip: { mode: { check: mode, default: 'horizontal' } },
  /** Largest angle as a share of a full turn. */
  rotation: { factor: { check: share(1), default: undefined } },
  /** Largest zoom out or in, as a share of the side. */
  zoom: { factor: { check: share(0.99), default: undefined } },
  /** Largest move as a share of height and width. */
  translation: { factor: { check: share(1), default: undefined } },
  /** Simard, Steinkraus and Platt (2003): random fields of -1 to 1, blurred by a Gaussian, times alpha pixels. */
  elastic: {
    alpha: { check: positive, default: 34 },
    sigma: {
      check: {
        ...positive,
        of: (v: unknown) => positive.of(v) && (v as number) <= 64,
        words: 'a number above 0, up to 64',
      },
      default: 4,
    },
  },
  /** Largest change of contrast about the mean of each channel, of the picture alone. */
  contrast: { factor: { check: share(1), default: undefined } },
} as const satisfies Record<string, Record<string, { check: Check; default: unknown }>>;

export type StepKind = keyof typeof kinds;

/** A step of an augmentation. */
export interface StepWords {
  kind: StepKind;
  options: Readonly<Record<string, number | string>>;
}

/** The steps that words say. Throws ArgumentError, in the words of `who`, for an unknown step and for an option that is none. */
export function stepsOf(who: string, words: readonly string[]): StepWords[] {
  return words.map((text) => {
    const { name, options } = parseWords(text, `${who} augment`);
    if (!Object.hasOwn(kinds, name)) {
      const expected = `augment to be one of ${Object.keys(kinds).join(', ')}`;
      throw new ArgumentError({ who, expected, got: show(name) });
    }
    const known: Record<string, { check: Check; default: unknown }> = kinds[name as StepKind];
    checkOptions(`${who} ${name}`, options, Object.keys(known));
    const read = Object.entries(known).map(([option, { check, default: fallback }]) => {
      const value = options[option] ?? fallback;
      if (check.of(value)) return [option, value as number | string] as const;
      throw new ArgumentError({
        who: `${who} ${name}`,
        expected: `${option} to be ${check.words}`,
        got: value === undefined ? 'none' : show(value),
      });
    });
    return { kind: name as StepKind, options: Object.fromEntries(read) };
  });
}
