/** Whether two trainings are one, by their settings. */
import { show } from '../errors/index.js';
import { type AnySettings, canonical, rowOf, settingNames } from '../settings/index.js';

/** What decides the bits of a training, and what is measured beside: all but where it is written. */
const compared = settingNames.filter((name) => !['out', 'resume'].includes(name));

/** Settings that belong to one training, as one text: two trainings with the same text are one. */
export const trialKey = (options: AnySettings): string =>
  JSON.stringify(compared.map((name) => [name, canonical(name, options)]).filter(([, value]) => value !== undefined));

/** The first setting in which a training that is there differs from what is asked of it: its name, and both in words. */
export function differenceOf(
  there: AnySettings,
  asked: AnySettings,
): { name: string; there: string; asked: string } | undefined {
  const bound = compared.filter((name) => rowOf(name).part !== 'place');
  const text = (name: (typeof bound)[number], of: AnySettings) => {
    const value = canonical(name, of);
    return value === undefined ? 'none' : typeof value === 'object' ? JSON.stringify(value) : show(value);
  };
  const name = bound.find((one) => text(one, there) !== text(one, asked));
  return name && { name, there: text(name, there), asked: text(name, asked) };
}
