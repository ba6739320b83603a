/** What a config may not hold: code, which Keras writes as Lambda layers and pickled objects. */
import { isClassConfig, type Registry } from '../classes/index.js';
import { ArgumentError, DataError } from '../errors/index.js';

/** Keras's classes that hold code, or name a program that is loaded. */
const holders = new Set(['Lambda', '__lambda__', 'TorchModuleWrapper', 'TFSMLayer', 'JaxLayer', 'FlaxLayer']);

/** How deep a config may be: a network in a network in a network takes about ten levels each. */
const deepest = 500;

/**
 * Throws ArgumentError, in the words of `who`, for a config that holds code, by the name of its class and of what it stands in;
 * one of the user's own of that name is theirs. Throws DataError for one that no reader could follow.
 */
export function refuseCode(who: string, config: unknown, custom: Registry): void {
  const open: { value: unknown; depth: number; inside: string }[] = [{ value: config, depth: 0, inside: '' }];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const { value, depth } = one;
    let { inside } = one;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > deepest) {
      throw new DataError({ who, expected: `a config of at most ${deepest} levels`, got: 'a deeper one' });
    }
    if (isClassConfig(value)) {
      const { class_name: name, config: own } = value;
      const title = (own as { name?: unknown } | null)?.name;
      if (holders.has(name) && !custom.has(name)) {
        const hint = 'nothing that a file brings is run';
        const called = typeof title === 'string' ? ` '${title}'` : inside;
        throw new ArgumentError({ who, expected: 'a config without code', got: `${name}${called}`, hint });
      }
      inside = typeof title === 'string' ? ` in '${title}'` : inside;
    }
    for (const part of Object.values(value)) open.push({ value: part, depth: depth + 1, inside });
  }
}
