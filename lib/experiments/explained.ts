/**
 * Validation samples explained by every run of an experiment, each for the class it belongs to: what the runs saw, and
 * the heat over it, as PNG files in the folder `explanations`.
 */
import { join } from 'node:path';
import { encodePng, type Split } from '../data/index.js';
import { canBeExplained, type Explanations, explainRuns } from '../explain/index.js';
import { writeWhole } from '../files/index.js';
import { dataSettingsOf, openData, type ReadHooks, readHooksOf } from '../tasks/index.js';
import type { Definition } from './definition.js';
import type { FinishedTrial } from './measure.js';
import type { ExplainedRuns } from './result.js';

/** One picture and what the runs make of it; paths are relative to the experiment's folder. */
export interface ExplainedPicture {
  /** Its name in the dataset. */
  name: string;
  picture: string;
  /** Heat over the picture, one a run. */
  overlays: string[];
  explanations: Explanations;
}

/** The first validation pictures, one class after the other. */
function chosen({ labels, length }: Split & { labels: Uint32Array }, classes: number, count: number): number[] {
  const byClass = Array.from({ length: classes }, (_, label) =>
    Array.from({ length }, (_place, index) => index).filter((index) => labels[index] === label),
  );
  const rounds = Math.ceil(count / classes);
  const inTurn = Array.from({ length: rounds }, (_, round) => byClass.map((indices) => indices[round])).flat();
  return inTurn.filter((index) => index !== undefined).slice(0, count);
}

/** Why samples cannot be explained, in words; undefined where they can. */
async function reasonNotTo(split: Split | undefined, trials: readonly FinishedTrial[]): Promise<string | undefined> {
  if (split === undefined) return 'the data have none to validate on';
  if (split.labels === undefined) return 'the data have no class for each sample';
  if (split.sampleShape.length < 2 || split.sampleShape.length > 3)
    return 'heat cannot lie over samples without rows and columns';
  const [trial] = trials;
  if (trial === undefined || (await canBeExplained(trial.folder))) return undefined;
  return 'the network has no convolution of more than one place';
}

/** Who is told that pictures are explained, once it is known that there are some, or why nothing is. */
export interface ExplainHooks extends ReadHooks {
  onExplain?: (() => void) | undefined;
}

/** Explains the pictures that a definition asks for; null if it asks for none, or there are none to validate on. */
export async function explainTrials(
  definition: Definition,
  trials: readonly FinishedTrial[],
  out: string,
  hooks: ExplainHooks,
): Promise<ExplainedRuns | null> {
  const { explain: count = 0 } = definition;
  if (count === 0) return null;
  const { dataset } = await openData(dataSettingsOf(definition), { who: 'compare', ...readHooksOf(hooks) });
  try {
    const { validation: split, classNames } = dataset;
    const left = await reasonNotTo(split, trials);
    if (left !== undefined) hooks.onNote?.(`no sample is explained: ${left}`);
    if (left !== undefined || split?.labels === undefined) return null;
    const { labels, paths = [] } = split;
    hooks.onExplain?.();
    const pictures: ExplainedPicture[] = [];
    for (const [place, index] of chosen({ ...split, labels }, classNames.length, count).entries()) {
      const folder = join('explanations', `picture-${String(place + 1).padStart(2, '0')}`);
      const picture = `${folder}.png`;
      const { explanations, overlays, shown } = await explainRuns({
        runs: trials.map((trial) => trial.folder),
        data: dataset,
        sample: `validation:${index}`,
        class: classNames[labels[index]!]!,
        ...targetOf(definition),
      });
      writeWhole(join(out, picture), await encodePng(shown));
      const files = trials.map(({ trial }) => `${folder}-${trial.folder}.png`);
      for (const [run, { whole }] of overlays.entries()) writeWhole(join(out, files[run]!), await encodePng(whole));
      pictures.push({ name: paths[index] ?? `validation ${index}`, picture, overlays: files, explanations });
    }
    return { runs: trials.map(({ trial, result }) => ({ target: result.target, run: trial.run })), pictures };
  } finally {
    dataset.dispose();
  }
}

/** Device, instruction set and threads of the explanations, which are always in deterministic mode. */
const targetOf = ({ device, isa, threads }: Definition) => ({ device, isa, ...(threads !== undefined && { threads }) });
