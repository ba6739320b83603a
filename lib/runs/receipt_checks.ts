/** Whether the fields of a receipt fit each other: what two of them say of one thing has to be the same. */
import { show } from '../errors/index.js';
import { validationName } from '../metrics/index.js';
import { isOutputLosses } from '../models/index.js';
import { isas } from '../runtime/index.js';
import { joinsByArrival, modelKind } from '../settings/index.js';
import { rootOf } from '../trace/index.js';
import { initialName } from './initial.js';
import type { Receipt } from './receipt_form.js';

const epochFile = (folder: string, epoch: number) => `${folder}/epoch-${String(epoch).padStart(4, '0')}.safetensors`;

/** Files that a run of these epochs has, and those it may have. */
export function filesOfRun({
  epochs: { length },
  predictionsHash,
  steps,
}: Pick<Receipt, 'epochs' | 'predictionsHash' | 'steps'>) {
  const epochs = Array.from({ length }, (_, i) => i + 1);
  const always = [
    'checkpoint.safetensors',
    'history.jsonl',
    ...(predictionsHash === null ? [] : ['predictions.safetensors']),
    ...epochs.map((epoch) => epochFile('weights', epoch)),
  ];
  const others = new Set([
    'trace.bin',
    'data.json',
    initialName,
    ...epochs.map((epoch) => epochFile('checkpoints', epoch)),
  ]);
  const isStep = (file: string) => {
    const step = /^steps\/step-(\d{6,})\.safetensors$/.exec(file)?.[1];
    return step !== undefined && Number(step) >= 1 && Number(step) <= steps;
  };
  return { always, mayHave: (file: string) => others.has(file) || isStep(file) };
}

function files(receipt: Receipt): string | undefined {
  const { always, mayHave } = filesOfRun(receipt);
  const listed = Object.keys(receipt.files);
  const missing = always.find((file) => !listed.includes(file));
  if (missing !== undefined) return `one whose files lack ${show(missing)}`;
  const foreign = listed.find((file) => !always.includes(file) && !mayHave(file));
  return foreign === undefined ? undefined : `one whose files list ${show(foreign)}`;
}

function epochs({ initial, epochs, options, weightsHash, tensors, stopped }: Receipt): string | undefined {
  for (const { epoch, root, leaves } of [{ epoch: 0, ...initial }, ...epochs]) {
    if (rootOf(leaves) !== root) return `one whose root of epoch ${epoch} is not that of its leaves`;
    if (leaves.length !== tensors.length) return `one whose leaves of epoch ${epoch} are not those of its tensors`;
  }
  const numbered = epochs.every(({ epoch }, i) => epoch === i + 1);
  const isWhole = stopped ? epochs.length < options.epochs : epochs.length === options.epochs;
  if (!numbered || !isWhole) return `one without epochs 1 to ${options.epochs}`;
  // A callback may end with the weights of another epoch.
  const last = options.callbacks === undefined ? epochs.slice(-1) : epochs;
  const isOne = last.some((epoch) => epoch.weightsHash === weightsHash);
  return isOne ? undefined : 'one whose weights are not those of its last epoch';
}

/** Every epoch has a loss and the metrics that were compiled, a list by its places, and of validation as many, of which none is null. */
function means({ epochs, compile, predictionsHash }: Receipt): string | undefined {
  const metrics = [...compile.metrics, ...(compile.weightedMetrics ?? [])];
  const { loss } = compile;
  const losses = isOutputLosses(loss) ? Object.keys(loss.config['losses'] ?? {}) : [];
  for (const { epoch, means } of epochs) {
    const names = Object.keys(means);
    const half = names.length / 2;
    const judged = names.slice(half).map((name) => means[name]);
    const fits =
      Number.isInteger(half) &&
      new Set(names.slice(1, half).map((name) => name.replace(/(_\d+)+$/, ''))).size ===
        metrics.length + losses.length &&
      names[0] === 'loss' &&
      names.slice(0, half).every((name, i) => validationName(name) === names[half + i] && means[name] !== null) &&
      judged.every((mean) => (mean === null) === (predictionsHash === null));
    if (!fits) return `one whose means of epoch ${epoch} are not those of its metrics and validation`;
  }
  return undefined;
}

/** The target has to be one that the options ask for: `cpu/avx2/deterministic+conv2d.weightGradient`. */
function target({ target, options }: Receipt): string | undefined {
  const { device, isa, mode, atomic = [] } = options;
  const [onDevice, withIsa, joined, ...more] = target.split('/');
  const asked = [mode, ...[...new Set(atomic)].sort()].join('+');
  const [first, ...kernels] = (joined ?? '').split('+');
  const fits =
    onDevice === device &&
    (device !== 'cpu' || (isas as readonly string[]).includes(withIsa ?? '')) &&
    (isa === 'auto' || device !== 'cpu' || withIsa === isa) &&
    [first, ...kernels.sort()].join('+') === asked &&
    more.length === 0;
  return fits ? undefined : `one whose target ${show(target)} is not what its options ask for`;
}

function steps({ steps, options, epochs: { length: epochs } }: Receipt): string | undefined {
  const { samples, batchSize } = options;
  const inEpoch = samples === undefined ? steps / epochs : Math.ceil(samples / batchSize);
  // A folder may hold fewer pictures than were asked for.
  const fits = Number.isInteger(steps / epochs) && steps > 0 && steps / epochs <= inEpoch;
  return fits ? undefined : `one of ${steps} steps, which ${epochs} epochs of its batches do not have`;
}

function arrival({ options }: Receipt): string | undefined {
  if (options.arrivalSeed === undefined || joinsByArrival(options)) return undefined;
  return 'one with a seed of arrival, where nothing arrives';
}

/** Where a model comes from has to be what the options ask for, and the hash of a module has to be there. */
function sources({ options, sources: { model, data } }: Receipt): string | undefined {
  const asked = { name: 'table', module: 'module', config: 'config' }[modelKind(options.model)];
  if (model.kind !== 'object' && model.kind !== asked)
    return `one of a ${model.kind} model named ${show(options.model)}`;
  for (const [name, { kind, sha256 }] of Object.entries({ model, data })) {
    if ((kind === 'module') !== (sha256 !== undefined))
      return `one whose ${name} of kind ${kind} has ${sha256 ? 'a' : 'no'} hash`;
  }
  return undefined;
}

/** The first place at which a receipt contradicts itself, as an error says what it got; undefined where it does not. */
export function contradictionIn(receipt: Receipt): string | undefined {
  for (const check of [epochs, means, target, arrival, steps, files, sources]) {
    const found = check(receipt);
    if (found !== undefined) return found;
  }
  return undefined;
}
