/**
 * Data by what a user writes: `synthetic`, a folder of pictures, a reader and its folder, a module, a definition, or a dataset
 * that is open.
 */
import {
  checkDataDefinition,
  type DataDefinition,
  type DataForm,
  type Dataset,
  type DatasetDescription,
  type HoldOutOptions,
  holdOutNames,
  isDrawn,
  openDataset,
  type PicturesProgress,
  pictureReaderOf,
  type ReaderOptions,
  readerOf,
} from '../data/index.js';
import { ArgumentError, givenOptions, SamebitsError, show } from '../errors/index.js';
import { arePictureData, largestImageSize } from '../settings/index.js';
import { errorText, loadModule } from './modules.js';
import { ownDataset } from './own_dataset.js';

/** What decides which samples a training sees. */
export interface DataSettings extends HoldOutOptions {
  /**
   * `synthetic` or `cracks`, a folder of pictures, a reader and its folder (`mnist:DIR`), a module whose default export is a definition, a
   * definition, or an open dataset.
   */
  data: string | DataDefinition | Dataset;
  /** Folder of validation pictures, beside a folder of pictures. */
  validation?: string | undefined;
  /** Samples to train on: evenly of all classes of a folder, the first ones of data of the user's own. Default all. */
  samples?: number | undefined;
  /** Side of the square pictures, in pixels. Default 180. Data of the user's own have a shape of their own. */
  imageSize?: number | undefined;
  /** What pictures that cannot be read do. Default `refuse`. */
  damaged?: 'refuse' | 'skip' | undefined;
  /** Pixels of the largest picture file that is decoded. Default 2^28. */
  maxPixels?: number | undefined;
  /** What says that pictures are as they were when they were cached: times of their files, or every byte. Default `times`. */
  dataCheck?: 'times' | 'contents' | undefined;
  /** What pictures become, and what their reader is told, by name (docs/data.md). */
  dataOptions?: ReaderOptions | undefined;
}

/** Who is told while data are read, and how that is stopped. */
export interface ReadHooks {
  /** `reading pictures` or `reading data`. */
  onPhase?: ((phase: string) => void) | undefined;
  /** How far the samples are while they are being read. */
  onPictures?: ((progress: PicturesProgress) => void) | undefined;
  /** That no cache can be used, and why. */
  onNote?: ((note: string) => void) | undefined;
  /** Splits, classes, counts and what was left out, once all is read. */
  onData?: ((data: DatasetDescription) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** The hooks of data among those of a longer work. */
export const readHooksOf = (hooks: ReadHooks): ReadHooks =>
  givenOptions(hooks, ['onPhase', 'onPictures', 'onNote', 'onData', 'signal']);

export interface DataHooks extends ReadHooks {
  /** Begins messages. Default `openTask`. */
  who?: string | undefined;
  /** What samples and targets are, as soon as that is known; what it throws ends the opening. */
  onForm?: ((form: DataForm) => void) | undefined;
}

/** The settings of data, by name. */
export const dataSettingNames = [
  ...(['data', 'validation', 'samples', 'imageSize', 'damaged', 'maxPixels', 'dataCheck', 'dataOptions'] as const),
  ...holdOutNames,
] satisfies (keyof DataSettings)[];

/** The settings of data among those of a longer work. */
export const dataSettingsOf = (settings: DataSettings): DataSettings => givenOptions(settings, dataSettingNames);

/** Where data come from. */
export interface DataSource {
  kind: 'synthetic' | 'folder' | 'reader' | 'module' | 'object';
  /** As the user wrote it; `object` for what was given as one. */
  name: string;
  /** Of a module and its relative imports; see docs/own_model.md. */
  sha256?: string;
}

/** Open data, and where they come from. */
export interface OpenedData {
  dataset: Dataset;
  source: DataSource;
}

/** Side of pictures where nothing else is said, as the paper has it. */
export const defaultImageSize = 180;

/** Whether data are pictures, which take a size from the settings. */
export const arePictures = ({ data }: Pick<DataSettings, 'data'>): boolean =>
  typeof data === 'string' && arePictureData(data);

/**
 * Opens data and tells what they are. Rejects with ArgumentError for settings that data of this kind do not have, and
 * with what openDataset and the user's own code refuse.
 */
export async function openData(settings: DataSettings, hooks: DataHooks = {}): Promise<OpenedData> {
  const { data } = settings;
  const opened = arePictures(settings)
    ? await pictures(settings as DataSettings & { data: string }, hooks)
    : typeof data === 'object' && data !== null && 'description' in data
      ? given(settings, data, hooks)
      : await own(settings, hooks);
  hooks.onData?.(opened.dataset.description);
  return opened;
}

async function pictures(settings: DataSettings & { data: string }, hooks: DataHooks): Promise<OpenedData> {
  const { data, validation, samples, damaged, maxPixels, dataCheck: check, dataOptions } = settings;
  const { who = 'openTask', onPhase, onPictures, onNote, onForm, signal } = hooks;
  const { imageSize = defaultImageSize } = settings;
  if (Number.isSafeInteger(imageSize) && imageSize > largestImageSize) {
    throw new ArgumentError({ who, expected: `imageSize to be at most ${largestImageSize}`, got: show(imageSize) });
  }
  onPhase?.('reading pictures');
  const held = givenOptions(settings, holdOutNames);
  const told = { onProgress: onPictures, onNote, onForm, signal };
  const asked = { source: data, validation, samples, imageSize, damaged, maxPixels, check, dataOptions, ...held };
  const dataset = await openDataset({ ...asked, ...told });
  const kind = isDrawn(data) ? 'synthetic' : pictureReaderOf(data) === undefined ? 'folder' : 'reader';
  return { dataset, source: { kind, name: data } };
}

/** Settings that only pictures have; `damaged: 'refuse'` asks for nothing. */
const ofPictures = ['validation', 'imageSize', 'damaged', 'maxPixels', 'dataCheck', 'dataOptions'] as const;

function refuseOfPictures(who: string, settings: DataSettings, what: string): void {
  for (const name of ofPictures) {
    const value = settings[name];
    if (value === undefined || (name === 'damaged' && value === 'refuse')) continue;
    const hint = name === 'validation' ? 'they bring their own' : 'only pictures in folders have it';
    throw new ArgumentError({ who, expected: `no ${name} beside ${what}`, got: show(value), hint });
  }
}

/** A dataset that the caller opened and will dispose of. */
function given(settings: DataSettings, dataset: Dataset, { who = 'openTask', onForm }: DataHooks): OpenedData {
  refuseOfPictures(who, settings, 'an open dataset');
  for (const name of ['samples', ...holdOutNames] as const) {
    if (settings[name] === undefined) continue;
    throw new ArgumentError({ who, expected: `no ${name} beside an open dataset`, got: show(settings[name]) });
  }
  onForm?.(dataset.train);
  return { dataset: { ...dataset, dispose: () => {} }, source: { kind: 'object', name: 'object' } };
}

/** A definition, what messages about it begin with, and where it comes from. */
async function defined(
  who: string,
  data: string | DataDefinition,
): Promise<{ value: DataDefinition; where: string; source: DataSource }> {
  if (typeof data !== 'string')
    return { value: data, where: `${who} data`, source: { kind: 'object', name: 'object' } };
  const found = readerOf(data);
  if (found?.reader.kind === 'arrays') {
    return { value: found.reader.read(found.path), where: who, source: { kind: 'reader', name: data } };
  }
  const { value, sha256 } = await loadModule(who, data, 'defineData');
  const where = `${who} default export of ${show(data)}`;
  return { value: value as DataDefinition, where, source: { kind: 'module', name: data, sha256 } };
}

async function own(settings: DataSettings, hooks: DataHooks): Promise<OpenedData> {
  const { data, samples } = settings;
  const { who = 'openTask', onPhase, onPictures, onForm, signal } = hooks;
  const name = typeof data === 'string' ? data : undefined;
  refuseOfPictures(who, settings, name === undefined ? 'data of your own' : `data ${show(name)}`);
  onPhase?.('reading data');
  const { value, where, source } = await defined(who, data as string | DataDefinition);
  const definition = checkDataDefinition(where, value);
  const held = givenOptions(settings, holdOutNames);
  const told = { samples, ...held, onForm, onProgress: onPictures, signal };
  try {
    return {
      dataset: await ownDataset(definition, { who: name === undefined ? who : `${who} ${show(name)}`, ...told }),
      source,
    };
  } catch (error) {
    if (error instanceof SamebitsError || signal?.aborted) throw error;
    throw new ArgumentError({ who: where, expected: 'samples', got: errorText(error) }, { cause: error });
  }
}
