/** The options that train and compare share, and the checks that need the machine or the library. */
import type { Command } from 'commander';
import { ArgumentError, givenOptions, show, TargetError } from '../errors/index.js';
import {
  capabilities,
  type Device,
  devices,
  type Isa,
  isas,
  type Mode,
  modes,
  severalOrders,
  threadsGiven,
} from '../runtime/index.js';
import { atomicOption, dataOption, folderOption, integerOption, wordOption } from './values.js';

/** What every command that trains is asked alike. */
export interface TrainingOptions {
  model: string;
  data: string;
  validation?: string;
  samples?: number;
  imageSize: number;
  batchSize: number;
  seed: number;
  device: Device;
  isa: Isa | 'auto';
  threads?: number;
  damaged: 'refuse' | 'skip';
  maxPixels?: number;
  out?: string;
  json?: true;
}

/** What train and compare are asked alike. */
export interface SharedOptions extends TrainingOptions {
  epochs: number;
  atomic?: string[];
  arrivalSeed?: number;
}

/** Adds the options of model, data and place to a command. */
export function addTrainingOptions(command: Command): Command {
  const word = wordOption;
  return command
    .option('--model <name>', 'network to train, for example keras_convnet (has to be given)')
    .option(
      '--data <dir|synthetic>',
      'folder with one folder a class, or the embedded set (has to be given)',
      dataOption('--data'),
    )
    .option('--validation <dir>', 'folder of validation pictures', folderOption('--validation'))
    .option('--samples <n>', 'take only this many training pictures', integerOption('--samples', 1))
    .option('--image-size <pixels>', 'side of the square pictures', integerOption('--image-size', 1, 4096), 180)
    .option('--batch-size <n>', 'pictures in a training step', integerOption('--batch-size', 1), 32)
    .option('--seed <n>', 'seed of every random number', integerOption('--seed', 0), 1001)
    .option('--device <name>', devices.join(' or '), word('--device', devices), 'cpu')
    .option('--isa <name>', `auto, ${isas.join(', ')}`, word('--isa', ['auto', ...isas] as const), 'auto')
    .option('--threads <n>', 'threads to compute with (default: one a core)', integerOption('--threads', 1, 1024))
    .option(
      '--damaged <what>',
      'pictures that cannot be read: refuse or skip',
      word('--damaged', ['refuse', 'skip'] as const),
      'refuse',
    )
    .option(
      '--max-pixels <n>',
      'pictures with more pixels count as damaged (default: 268435456)',
      integerOption('--max-pixels', 1),
    )
    .option('--json', 'print one JSON object on stdout');
}

/** Adds the options that train and compare share to a command. */
export function addSharedOptions(command: Command): Command {
  return addTrainingOptions(command)
    .option('--epochs <n>', 'passes over the training pictures', integerOption('--epochs', 1), 10)
    .option(
      '--atomic <kernels>',
      'join only the sums of these kernels as they arrive, for example conv2d.weightGradient',
      atomicOption('--atomic'),
    )
    .option('--arrival-seed <n>', 'draw the order of arrival from this seed', integerOption('--arrival-seed', 0))
    .option('--out <dir>', 'folder for weights, history and result');
}

const trainingNames = [
  ...(['model', 'data', 'validation', 'samples', 'imageSize', 'batchSize', 'seed', 'device', 'isa'] as const),
  ...(['threads', 'damaged', 'maxPixels'] as const),
];

/** Model, data and place as the library takes them. */
export const trainingSettingsOf = (options: TrainingOptions) => givenOptions(options, trainingNames);

/** The settings of a training as the library takes them: everything but where the command writes and how it prints. */
export const settingsOf = (options: SharedOptions) =>
  givenOptions(options, [...trainingNames, 'epochs', 'atomic', 'arrivalSeed']);

/** Refuses a seeded arrival where no sums arrive (`arrives` says whether some do), or not on the CPU. */
export function checkArrival({ arrivalSeed, device }: SharedOptions, arrives: boolean, remedy: string): void {
  const who = '--arrival-seed';
  if (arrivalSeed === undefined) return;
  if (!arrives) {
    const hint = 'deterministic sums are joined by place, so no order of arrival can matter';
    throw new ArgumentError({ who, expected: `${remedy} beside it`, got: 'none', hint });
  }
  if (device !== 'cpu') throw new ArgumentError({ who, expected: '--device cpu beside it', got: show(device) });
}

/** Refuses to compare atomic trainings that can only end alike: real arrival on one thread of the CPU. */
export function checkOrders(
  { device, threads, arrivalSeed }: SharedOptions,
  cores = capabilities().hardwareThreads,
): void {
  if (severalOrders({ device, threads, arrivalSeed }, cores)) return;
  throw new ArgumentError({
    who: '--threads',
    expected: '2 or more for atomic trainings whose sums arrive as the threads make it',
    got: threadsGiven(threads, cores),
    hint: 'one thread always adds in the same order, so they could not differ: give --threads 2, or --arrival-seed to draw the order',
  });
}

/** Refuses a command without model or data. Here and not by the parser, which would ask for them before it sees a typo. */
export function checkGiven(options: Partial<SharedOptions>): void {
  for (const name of ['model', 'data'] as const) {
    if (options[name] === undefined) throw new ArgumentError({ who: `--${name}`, expected: 'a value', got: 'none' });
  }
}

/** Refuses a device or instruction set that this build or machine does not have, with the reason. */
export function checkTarget({ device, isa }: Pick<SharedOptions, 'device' | 'isa'>): void {
  const offers = capabilities();
  const wanted = [
    { who: '--device', name: device, offered: offers.devices },
    ...(isa === 'auto' ? [] : [{ who: '--isa', name: isa, offered: offers.isas }]),
  ];
  for (const { who, name, offered } of wanted) {
    const found = offered.find((entry) => entry.name === name);
    if (found?.available) continue;
    const able = offered.filter((entry) => entry.available).map((entry) => entry.name);
    throw new TargetError({
      who,
      expected: `one this machine has (${able.join(', ')})`,
      got: show(name),
      hint: found?.reason ?? 'this build does not know it',
    });
  }
}

export { type Mode, modes };
