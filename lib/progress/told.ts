/** What work tells while it goes on, and who listens. */
import type { DatasetDescription, PicturesProgress } from '../data/index.js';
import { descriptionLines } from './data_lines.js';

/** Progress of one training: `step` counts from 1 to `steps` inside an epoch, `epoch` from 1 to `epochs`. */
export interface StepProgress {
  epoch: number;
  epochs: number;
  step: number;
  steps: number;
  loss: number;
}

/** What is known after an epoch, counted from 1: means by name, as `loss` and `valAccuracy`, stand beside these. */
export interface EpochProgress {
  epoch: number;
  seconds: number;
  weightsHash?: string;
}

/** Bytes that a run folder will take: all of it, and by what lies in it. */
export interface RunSize {
  bytes: number;
  weights: number;
  checkpoint: number;
  checkpoints: number;
  steps: number;
  trace: number;
  others: number;
}

/** Where work reports to, and a way to write a line of one's own between. */
export interface Progress {
  /** A phase that is not a step, in a few words. */
  onPhase: (phase: string) => void;
  onPictures: (at: PicturesProgress) => void;
  /** Something worth a line of its own, once. */
  onNote: (note: string) => void;
  onData: (data: DatasetDescription) => void;
  onStep: (step: StepProgress) => void;
  onEpoch: (epoch: EpochProgress, epochs: number) => void;
  /** How large the run folder will be. Where it is absent, who asks says so. */
  onSize?: (size: RunSize) => void;
  line: (text: string) => void;
  /** Takes the bar away. */
  stop: () => void;
}

/** What a stream is to progress. */
export type Stream = NodeJS.WriteStream;

/** Tells what the data are, and notes; the trials of an experiment have the same ones, and once is enough. */
export function onceTellers(line: (text: string) => void): Pick<Progress, 'onNote' | 'onData'> {
  const told = new Set<string>();
  const onNote = (lines: string) => {
    if (!told.has(lines)) line(lines);
    told.add(lines);
  };
  return { onNote, onData: (data: DatasetDescription) => onNote(descriptionLines(data).join('\n')) };
}

/** `train: hashing` */
export const pictureWords = ({ split, phase }: PicturesProgress) => `${split}: ${phase}`;
