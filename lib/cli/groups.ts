/** How the options of settings stand in help, and the letters of those that are typed often. */
import type { SettingName } from '../settings/index.js';

type Group = 'Network' | 'Data' | 'Learning' | 'Machine' | 'What is kept';

const members: Readonly<Record<Group, readonly SettingName[]>> = {
  Network: ['model', 'modelOptions', 'weights', 'freeze'],
  Data: [
    ...(['data', 'dataOptions', 'validation', 'samples', 'validationSamples', 'validationFraction'] as const),
    ...(['splitSeed', 'imageSize', 'augment', 'damaged', 'maxPixels', 'dataCheck'] as const),
  ],
  Learning: [
    ...(['epochs', 'batchSize', 'seed', 'optimizer', 'schedule', 'loss', 'metrics', 'callbacks'] as const),
    'classWeight',
  ],
  Machine: ['device', 'isa', 'threads', 'mode', 'atomic', 'arrivalSeed', 'flip'],
  'What is kept': ['out', 'resume', 'checkpoints', 'keepSteps', 'sign', 'trace', 'traceValues', 'tensorboard'],
};

/** The heading under which help lists a setting. */
export const headingOf = (name: SettingName): string =>
  `${(Object.keys(members) as Group[]).find((group) => members[group].includes(name)) ?? 'Options'}:`;

const letters: Partial<Record<SettingName, string>> = {
  ...{ model: 'm', data: 'd', out: 'o', epochs: 'e', batchSize: 'b', imageSize: 'i', threads: 't', seed: 's' },
};

/** A flag with its letter in front, where it has one: `-m, --model <name>`. */
export const withLetter = (name: SettingName, flag: string): string =>
  letters[name] === undefined ? flag : `-${letters[name]}, ${flag}`;
