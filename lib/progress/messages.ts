/** Progress as messages, from the process of a trial to the one of its experiment. */
import type { DatasetDescription, PicturesProgress } from '../data/index.js';
import { type EpochProgress, type Progress, pictureWords, type RunSize, type StepProgress } from './told.js';

/** What a trial tells while it runs. */
export type TrialProgress =
  | { kind: 'phase'; phase: string }
  | { kind: 'pictures'; progress: PicturesProgress }
  | { kind: 'note'; note: string }
  | { kind: 'data'; data: DatasetDescription }
  | { kind: 'size'; size: RunSize }
  | { kind: 'step'; step: StepProgress }
  | { kind: 'epoch'; epoch: EpochProgress; epochs: number };

/** Passes on one picture in a hundredth of a phase: a message takes longer than a small picture. */
function everyHundredth(pass: (at: PicturesProgress) => void): Progress['onPictures'] {
  let last = '';
  return (at) => {
    const place = `${pictureWords(at)} ${Math.floor((100 * at.done) / at.total)}`;
    if (place !== last) pass(at);
    last = place;
  };
}

/** Sends everything to the process that started this one. */
export function messageProgress(): Progress {
  const send = (progress: TrialProgress) => process.send?.(progress);
  return {
    line: () => {},
    onPhase: (phase) => send({ kind: 'phase', phase }),
    onPictures: everyHundredth((progress) => send({ kind: 'pictures', progress })),
    onNote: (note) => send({ kind: 'note', note }),
    onData: (data) => send({ kind: 'data', data }),
    onSize: (size) => send({ kind: 'size', size }),
    onStep: (step) => send({ kind: 'step', step }),
    onEpoch: (epoch, epochs) => send({ kind: 'epoch', epoch, epochs }),
    stop: () => {},
  };
}

/** Hands a trial's messages to the progress of its experiment. */
export function showTrial(progress: Progress, message: TrialProgress): void {
  if (message.kind === 'phase') progress.onPhase(message.phase);
  if (message.kind === 'pictures') progress.onPictures(message.progress);
  if (message.kind === 'note') progress.onNote(message.note);
  if (message.kind === 'data') progress.onData(message.data);
  if (message.kind === 'step') progress.onStep(message.step);
  if (message.kind === 'epoch') progress.onEpoch(message.epoch, message.epochs);
}
