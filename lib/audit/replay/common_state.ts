/** The last state two runs have in common, computed again: from a checkpoint both agree on, or from the first weights. */
import { existsSync } from 'node:fs';
import { checkpointPath, epochCheckpointPath, readSafetensors } from '../../runs/index.js';
import { treeOf } from '../../trace/index.js';
import type { RunEvidence } from '../evidence.js';
import type { Stage, StepOutcome, StepPlace, TrainingState } from './stage.js';

/** A state that lies in a file, after whole epochs; 0 epochs are the first weights, which need none. */
export interface Beginning {
  epochs: number;
  file: string | undefined;
}

/**
 * The latest state before an epoch (from 1) that can be begun with: tensors in a checkpoint whose tree is that of both runs.
 * What a checkpoint says of its own place is not asked.
 */
export function beginningBefore(epoch: number, runs: readonly RunEvidence[]): Beginning {
  const known = new Map<string, string | undefined>();
  const rootIn = (file: string) => {
    if (!known.has(file)) known.set(file, existsSync(file) ? treeOf(readSafetensors(file).tensors).root : undefined);
    return known.get(file);
  };
  for (let epochs = epoch - 1; epochs > 0; epochs -= 1) {
    const { root } = runs[0]!.states[epochs]!;
    const files = runs.flatMap(({ folder }) => [epochCheckpointPath(folder, epochs), checkpointPath(folder)]);
    const file = files.find((path) => rootIn(path) === root);
    if (file !== undefined) return { epochs, file };
  }
  return { epochs: 0, file: undefined };
}

/** Puts a stage at the beginning. */
export function begin(stage: Stage, { epochs, file }: Beginning, first: TrainingState): void {
  stage.state =
    file === undefined ? first : { tensors: readSafetensors(file).tensors, iterations: epochs * stage.steps };
}

/** Steps of real arrival that are taken again to meet what was recorded, at most. */
export const mostTries = 16;

/** Whether a step that was taken left what a run recorded of it. */
function isRecorded(stage: Stage, { trace, states }: RunEvidence, at: StepPlace, outcome: StepOutcome): boolean {
  const record = trace?.steps.find(({ epoch, step }) => epoch === at.epoch && step === at.step);
  if (record !== undefined && record.weights.root !== outcome.weights) return false;
  if (record !== undefined && outcome.gradients.some(({ hash }) => !record.gradients.leaves.includes(hash)))
    return false;
  const state = at.step === stage.steps ? states[at.epoch] : undefined;
  return state === undefined || stage.root() === state.root;
}

/**
 * Takes all steps before `end`, each so often at most that it leaves what the run recorded; the place where none did,
 * undefined where all were met.
 */
export function goTo(stage: Stage, run: RunEvidence, way: { from: Beginning; end: StepPlace; tries: number }) {
  const { from, end, tries } = way;
  for (let epoch = from.epochs + 1; epoch <= end.epoch; epoch += 1) {
    const steps = epoch === end.epoch ? end.step - 1 : stage.steps;
    for (let step = 1; step <= steps; step += 1) {
      const { state } = stage;
      const met = () => isRecorded(stage, run, { epoch, step }, stage.take({ epoch, step }));
      let left = tries;
      while (!met()) {
        left -= 1;
        if (left === 0) return `after step ${step} of epoch ${epoch}`;
        stage.state = state;
      }
    }
  }
  return undefined;
}
