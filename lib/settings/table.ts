/**
 * The settings of a training, one row each: the only list of them. Types, options of the command line, arguments of child
 * processes, fields of experiments, settings.json, what a resumed run has to share, and what receipts and checkpoints bind
 * are derived from it. A new setting is a row here and its use.
 */
import { devices, isas, modes } from '../runtime/index.js';
import { traceLevels } from '../trace/index.js';
import { flip, fraction, integer, type Kind, kernels, list, named, text, weights, word } from './kinds.js';
import { arePictureData, modelKind, readData, readFolder } from './paths.js';

/**
 * What a setting says of a training. `identity`: what is computed; a run that goes on has to share it. `length`: how far it
 * goes; a run may go on to more. `source`: where its data lie, which may be elsewhere now. `record`: what its run folder
 * keeps; a run that goes on keeps the same. `place`: where it is computed and written, which may be anywhere.
 */
export type Part = 'identity' | 'length' | 'source' | 'record' | 'place';

/** `fit` is what `model.fit` takes as `run`; all others are commands. */
export type CommandName = 'train' | 'compare' | 'attribute' | 'fit';

export interface Row<T> extends Kind<T> {
  /** Flag of the command line, the name in other letters, with what it takes: `--image-size <pixels>`. */
  flag: string;
  help: string;
  part: Part;
  /** Whether receipts hold it; `told` is what they hold and computing again does not prove. */
  receipt: false | 'proved' | 'told';
  /** Commands that take it. */
  commands: readonly CommandName[];
  /** Has to be given. */
  required?: true;
  /** What it is where it is not given. */
  default?: T;
  /** Where the default means nothing. */
  unless?: (given: { data?: string }) => boolean;
  /** A value that says no more than its absence, and is kept as its absence. */
  absent?: T;
  /** A setting without which this one means nothing. */
  needs?: 'out' | 'trace';
}

const all = ['train', 'compare', 'attribute'] as const;

/** Side of the largest pictures a training takes, in pixels. */
export const largestImageSize = 4096;

/** The networks known by name, for help; the room of networks, which makes them, is above this one. */
const networkNames = [
  ...['inception_v3', 'keras_convnet', 'lenet5', 'mini_xception', 'mini_xception_conv', 'mobilenet', 'mobilenet_v2'],
  ...['preact_resnet18', 'resnet18', 'resnet50', 'unet', 'xception'],
].join(', ');

export const table = {
  /** The network: a name of the table, a module whose default export is a definition, or a file with a config. */
  model: {
    ...text('the name of a model'),
    // Where a file lies says nothing of what it is; the hash of a module and the network of a config do.
    canonical: (value: string) => {
      const kind = modelKind(value);
      return kind === 'name' ? value : `a ${kind}`;
    },
    flag: '--model <name>',
    help: `network to train: ${networkNames}, or a file (.mjs, .js, .ts, .keras, .json) (required)`,
    required: true,
    part: 'identity',
    receipt: 'proved',
    commands: all,
  },
  /** What the user sets of the network, by name. */
  modelOptions: {
    ...named(),
    flag: '--model-option <name=value>',
    help: 'an option of the network; may be given several times',
    part: 'identity',
    receipt: 'proved',
    commands: all,
  },
  /** A file with the weights to begin with: of Keras, of a run, NumPy's, or of PyTorch; absent means those of the seed. */
  weights: {
    ...text('a file of weights'),
    flag: '--weights <file>',
    help: 'begin with the weights in this file (.keras, .h5, .safetensors, .npz, or pytorch:FILE); only the last layer may differ',
    part: 'source',
    receipt: 'told',
    commands: ['train', 'compare'],
  },
  /** Patterns of names of layers that do not learn; absent means all learn. */
  freeze: {
    ...list('patterns of names of layers'),
    flag: '--freeze <pattern>',
    help: "layers that do not learn, for example 'block*' or '!predictions'; may be given several times",
    part: 'identity',
    receipt: 'proved',
    commands: all,
  },
  /**
   * A folder of class folders, one that holds `train/` and `validation/`, a reader and its folder (`mnist:DIR`), or a set
   * that is drawn: `synthetic`, `cracks`.
   */
  data: {
    ...text("a folder, mnist:DIR, 'synthetic' or 'cracks'", readData),
    flag: '--data <dir|synthetic>',
    help: 'folder with one folder a class, a module (.mjs, .js, .ts), a reader and its path as mnist:DIR, or a drawn set: synthetic, cracks (required)',
    required: true,
    part: 'source',
    receipt: 'told',
    commands: all,
  },
  validation: {
    ...text('a folder', readFolder),
    flag: '--validation <dir>',
    help: 'folder of validation pictures',
    part: 'source',
    receipt: 'told',
    commands: all,
  },
  /** Take this many training samples only. */
  samples: {
    ...integer(1, 100_000_000),
    flag: '--samples <n>',
    help: 'take only this many training samples',
    part: 'identity',
    receipt: 'proved',
    commands: all,
  },
  /** What pictures become and what their reader is told, by name: `channels=1`, `bits=16`, `splitFile=splits.csv`. */
  dataOptions: {
    ...named(),
    flag: '--data-option <name=value>',
    help: 'an option of the data, such as channels=1 or bits=16; may be given several times',
    part: 'identity',
    receipt: 'told',
    commands: all,
  },
  /** Training samples to hold out and validate by, evenly of all classes; what the data bring for it becomes the test samples. */
  validationSamples: {
    ...integer(1, 100_000_000),
    flag: '--validation-samples <n>',
    help: 'hold out this many training samples to validate by, evenly of all classes',
    part: 'identity',
    receipt: 'told',
    commands: all,
  },
  /** Share of the training samples of each class to hold out and validate by. */
  validationFraction: {
    ...fraction(),
    flag: '--validation-fraction <share>',
    help: 'hold out this share of the training samples of each class to validate by',
    part: 'identity',
    receipt: 'told',
    commands: all,
  },
  /** Decides which samples are held out; the seed of the training does not. Default 0. */
  splitSeed: {
    ...integer(0),
    flag: '--split-seed <n>',
    help: 'seed of which samples are held out (default: 0)',
    part: 'identity',
    receipt: 'told',
    commands: all,
  },
  /** Side of the square pictures, in pixels. */
  imageSize: {
    ...integer(1, largestImageSize),
    flag: '--image-size <pixels>',
    help: 'side of the square pictures',
    default: 180,
    unless: ({ data }) => !arePictureData(data),
    part: 'identity',
    receipt: 'proved',
    commands: all,
  },
  /** Steps of augmentation of the training samples, each in words; absent means none. */
  augment: {
    ...list('steps of augmentation in words'),
    flag: '--augment <words>',
    help: 'a step of augmentation of picture and mask, for example rotation:factor=0.1; may be given several times',
    part: 'identity',
    receipt: 'proved',
    commands: all,
  },
  epochs: {
    ...integer(1),
    flag: '--epochs <n>',
    help: 'passes over the training samples',
    default: 10,
    part: 'length',
    receipt: 'proved',
    commands: ['train', 'compare'],
  },
  batchSize: {
    ...integer(1),
    flag: '--batch-size <n>',
    help: 'samples in a training step',
    default: 32,
    part: 'identity',
    receipt: 'proved',
    commands: all,
  },
  /** Of every random number. */
  seed: {
    ...integer(0),
    flag: '--seed <n>',
    help: 'seed of every random number',
    default: 1001,
    part: 'identity',
    receipt: 'proved',
    commands: all,
  },
  /** `rmsprop:learningRate=1e-4`; absent means what the model brings. */
  optimizer: {
    ...text('an optimizer in words'),
    flag: '--optimizer <words>',
    help: "optimizer and its options, for example rmsprop:learningRate=1e-4 (default: the model's)",
    part: 'identity',
    receipt: 'proved',
    commands: all,
  },
  /** In words; absent means the optimizer's own learning rate throughout. */
  schedule: {
    ...text('a schedule in words'),
    flag: '--schedule <words>',
    help: "learning rate over the steps, in words (default: the optimizer's)",
    part: 'identity',
    receipt: 'proved',
    commands: all,
  },
  /** In words; absent means what the model brings. */
  loss: {
    ...text('a loss in words'),
    flag: '--loss <words>',
    help: "loss and its options (default: the model's)",
    part: 'identity',
    receipt: 'proved',
    commands: all,
  },
  /** Each in words; absent means what the model brings. */
  metrics: {
    ...list('metrics in words'),
    flag: '--metrics <words>',
    help: "a metric and its options, or none; may be given several times (default: the model's)",
    part: 'identity',
    receipt: 'proved',
    commands: all,
  },
  /** Callbacks that decide how the training goes on, each in words; absent means none. */
  callbacks: {
    ...list('callbacks in words'),
    flag: '--callbacks <words>',
    help: 'a callback that decides, for example earlyStopping:patience=3; may be given several times',
    part: 'identity',
    receipt: 'proved',
    commands: ['train'],
  },
  /** How much samples of a class count in the loss, by the number of the class; absent means 1 each. */
  classWeight: {
    ...weights(),
    flag: '--class-weight <class=weight>',
    help: 'how much samples of a class count, for example 1=5; may be given several times',
    part: 'identity',
    receipt: 'proved',
    commands: all,
  },
  device: {
    ...word(devices),
    flag: '--device <name>',
    help: devices.join(' or '),
    default: 'cpu',
    part: 'place',
    receipt: 'told',
    commands: all,
  },
  isa: {
    ...word(['auto', ...isas]),
    flag: '--isa <name>',
    help: `auto, ${isas.join(', ')}`,
    default: 'auto',
    part: 'place',
    receipt: 'told',
    commands: all,
  },
  mode: {
    ...word(modes),
    flag: '--mode <name>',
    help: modes.join(' or '),
    default: 'deterministic',
    part: 'identity',
    receipt: 'proved',
    commands: ['train'],
  },
  /** Kernels joined as they arrive although the mode is deterministic. */
  atomic: {
    ...kernels('kernels that join sums'),
    flag: '--atomic <kernels>',
    help: 'join only the sums of these kernels as they arrive, for example conv2d.weightGradient',
    part: 'identity',
    receipt: 'proved',
    commands: ['train', 'compare'],
  },
  /** Seed of the order of arrival; absent means real arrival. */
  arrivalSeed: {
    ...integer(0),
    flag: '--arrival-seed <n>',
    help: 'draw the order of arrival from this seed',
    part: 'identity',
    receipt: 'proved',
    commands: ['train', 'compare'],
  },
  /** A bit flipped on purpose. */
  flip: {
    ...flip(),
    flag: '--flip <where>',
    help: 'flip one bit, in a weight (step=5,tensor=conv2d/kernel,index=3,bit=0) or in what an operation wrote (step=5,operation=17,index=3,bit=0)',
    part: 'identity',
    receipt: 'proved',
    commands: ['train', 'fit'],
  },
  /** Threads to compute with; absent means as many as the machine has cores. */
  threads: {
    ...integer(1, 1024),
    flag: '--threads <n>',
    help: 'threads to compute with (default: one a core)',
    part: 'place',
    receipt: false,
    commands: all,
  },
  /** What happens when a picture cannot be read. */
  damaged: {
    ...word(['refuse', 'skip']),
    flag: '--damaged <what>',
    help: 'pictures that cannot be read: refuse or skip',
    default: 'refuse',
    unless: ({ data }) => !arePictureData(data),
    part: 'identity',
    receipt: 'told',
    commands: all,
  },
  /** Pixels of the largest picture file that is decoded; absent means 2^28. */
  maxPixels: {
    ...integer(1),
    flag: '--max-pixels <n>',
    help: 'pictures with more pixels count as damaged (default: 268435456)',
    part: 'identity',
    receipt: 'told',
    commands: all,
  },
  /** What says that pictures are as they were when they were cached. What a receipt needs is always seen by `contents`. */
  dataCheck: {
    ...word(['times', 'contents']),
    flag: '--data-check <by>',
    help: 'what says that pictures are as they were when they were cached: times of their files, or contents, every byte',
    absent: 'times',
    part: 'place',
    receipt: false,
    commands: all,
  },
  /** Folder for weights, history, checkpoint and result; absent means nothing is written. */
  out: {
    ...text('a folder'),
    flag: '--out <dir>',
    help: 'folder for weights, history and result',
    part: 'place',
    receipt: false,
    commands: ['train', 'compare', 'fit'],
  },
  /** Run folder of a training that was stopped, to go on with. */
  resume: {
    ...text('a run folder', readFolder),
    flag: '--resume <dir>',
    help: 'go on with the training in this folder, with the settings it began with',
    part: 'place',
    receipt: false,
    commands: ['train', 'fit'],
  },
  /** With `all`, the checkpoint after each epoch stays, so that any epoch can be verified alone. Default `last`. */
  checkpoints: {
    ...word(['last', 'all']),
    flag: '--checkpoints <which>',
    help: 'checkpoints to keep: last, or all, so that any epoch can be verified alone',
    absent: 'last',
    needs: 'out',
    part: 'record',
    receipt: false,
    commands: ['train', 'fit'],
  },
  /** Weights of so many steps are kept, close together at the beginning (`keptPlaces`). Default 0. */
  keepSteps: {
    ...integer(1, 999),
    flag: '--keep-steps <n>',
    help: 'keep the weights after so many steps, close together at the beginning of the training',
    absent: 0,
    needs: 'out',
    part: 'record',
    receipt: false,
    commands: ['train', 'fit'],
  },
  /** PEM file of the Ed25519 private key that signs the receipt; absent means it is not signed. */
  sign: {
    ...text('a PEM file'),
    flag: '--sign <file>',
    help: 'sign the receipt with the Ed25519 private key in this PEM file',
    needs: 'out',
    part: 'place',
    receipt: false,
    commands: ['train', 'fit'],
  },
  /** Records hashes of the state after each epoch, of weights and gradients of each step, or of each operation. */
  trace: {
    ...word(traceLevels),
    flag: '--trace <level>',
    help: 'record hashes of the state after each epoch (weights), of each step too (steps), of each operation too (ops)',
    needs: 'out',
    part: 'record',
    receipt: false,
    commands: ['train', 'fit'],
  },
  /** Steps, from the first, of which the trace keeps the values too. Default 0. */
  traceValues: {
    ...integer(0),
    flag: '--trace-values <n>',
    help: 'keep the values in the trace of this many steps from the first',
    absent: 0,
    needs: 'trace',
    part: 'record',
    receipt: false,
    commands: ['train', 'fit'],
  },
  /** Folder in which a new TensorBoard event file grows while the training runs; absent means none. */
  tensorboard: {
    ...text('a folder'),
    flag: '--tensorboard <dir>',
    help: 'folder in which a TensorBoard event file grows while the training runs',
    part: 'place',
    receipt: false,
    commands: ['train'],
  },
  // biome-ignore lint/suspicious/noExplicitAny: rows of values of every kind
} satisfies Record<string, Row<any>>;

type Table = typeof table;

export type SettingName = keyof Table;

/** What a setting's value is. */
export type ValueOf<N extends SettingName> = Table[N] extends Kind<infer T> ? T : never;

/** Names of the settings that every training has. */
export type Always = {
  [N in SettingName]: Table[N] extends { unless: unknown }
    ? never
    : Table[N] extends { required: true } | { default: unknown }
      ? N
      : never;
}[SettingName];

/** Names of the settings that a command takes. */
export type SettingOf<C extends CommandName> = {
  [N in SettingName]: C extends Table[N]['commands'][number] ? N : never;
}[SettingName];

type Flat<T> = { [N in keyof T]: T[N] };

/** The settings of one training. */
export type TrainOptions = Flat<
  { [N in SettingName as N extends Always ? N : never]: ValueOf<N> } & {
    [N in SettingName as N extends Always ? never : N]?: ValueOf<N>;
  }
>;

/** A training to begin, with the defaults for what is not given. */
export type BeginRequest = Partial<TrainOptions> & Pick<TrainOptions, 'model' | 'data'>;

/** A training to go on with, whose settings are those of its run folder. */
export type ResumeRequest = Partial<TrainOptions> & Required<Pick<TrainOptions, 'resume'>>;

/** What `train` takes: a training to begin, or one to go on with. */
export type TrainRequest = BeginRequest | ResumeRequest;

/** What `model.fit` takes as `run`: what its run folder is and keeps. All else is the model's, its runtime's, or the data's. */
export type RunSettings = Partial<Pick<TrainOptions, SettingOf<'fit'>>>;
