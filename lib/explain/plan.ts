/** What is asked of an explanation by runs, and its checks: all that can be wrong is refused here, before any work. */
import { type Rgb, readPicture } from '../data/index.js';
import { ArgumentError, show } from '../errors/index.js';
import type { Model } from '../models/index.js';
import { type FinishedRun, modelOfRun, readRun } from '../runs/index.js';
import type { Device, Isa } from '../runtime/index.js';
import type { Score } from './grad_cam.js';
import { checkRegion, type Region } from './occlusion.js';
import { mapLayers } from './places.js';

export interface ExplainOptions {
  /** Folders of finished trainings, of one picture size and with the same classes. */
  runs: readonly string[];
  /** File of the picture. */
  image: string;
  /** Name or number of the class. Default: the class that the first run ranks first. */
  class?: string;
  /** Default: of each model as in `gradCam`. */
  layer?: string;
  score?: Score;
  /** A region of the picture to cover, in its own pixels. */
  occlude?: Region;
  /** The classes whose things are seen in the left and in the right half of the picture. */
  halves?: readonly [left: string, right: string];
  device?: Device;
  isa?: Isa | 'auto';
  threads?: number;
}

/** What is asked for, checked. */
export interface Plan {
  runs: { run: FinishedRun; model: Model }[];
  picture: Rgb;
  label: number | undefined;
}

/** The number of a class given by name or number. Throws ArgumentError in the words of `option`. */
export function classOf(option: string, name: string, classNames: readonly string[]): number {
  const byName = classNames.indexOf(name);
  if (byName >= 0) return byName;
  const number = /^\d{1,3}$/.test(name) ? Number(name) : classNames.length;
  if (number < classNames.length) return number;
  const known = classNames.map((one, i) => `${one} (${i})`).join(', ');
  throw new ArgumentError({ who: option, expected: `one of the classes ${known}`, got: show(name) });
}

/** Throws ArgumentError unless the explanations of both runs can be laid side by side. */
function requireAlike(first: FinishedRun, other: FinishedRun): void {
  const facts = ({ sampleShape: [height, width], classNames }: FinishedRun) =>
    `pictures of ${height} x ${width} and classes ${classNames.join(', ')}`;
  if (facts(first) === facts(other)) return;
  const expected = `runs with ${facts(first)}, as in ${show(first.folder)}`;
  throw new ArgumentError({ who: '--run', expected, got: `${facts(other)} in ${show(other.folder)}` });
}

/** Opens runs that explain the same pictures; throws as `explainRuns` does. */
export function openRuns(runs: readonly string[], layer: string | undefined): Plan['runs'] {
  if (runs.length === 0) throw new ArgumentError({ who: '--run', expected: 'a value', got: 'none' });
  const opened = runs.map((folder) => {
    const run = readRun(folder, '--run');
    return { run, model: modelOfRun(run, '--run') };
  });
  const { run: first } = opened[0]!;
  for (const { run } of opened) requireAlike(first, run);
  for (const { run, model } of opened) {
    const known = mapLayers(model);
    if (layer !== undefined && !known.includes(layer)) {
      const expected = `one of the layers ${known.join(', ')} of ${run.model}`;
      throw new ArgumentError({ who: '--layer', expected, got: show(layer) });
    }
  }
  return opened;
}

/** Opens runs and picture; throws as `explainRuns` does. */
export async function planOf({ runs, image, layer, ...options }: ExplainOptions): Promise<Plan> {
  const opened = openRuns(runs, layer);
  const { classNames } = opened[0]!.run;
  const { class: name, occlude: region, halves } = options;
  const label = name === undefined ? undefined : classOf('--class', name, classNames);
  for (const half of halves ?? []) classOf('--halves', half, classNames);
  const picture = await readPicture(image, '--image');
  if (region !== undefined) checkRegion('--occlude', region, picture);
  return { runs: opened, picture, label };
}
