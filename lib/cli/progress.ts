/**
 * Progress on stderr: a bar with a line an epoch on a terminal, lines alone where stderr is a file or a pipe, and
 * messages instead of either when this process is a trial of an experiment.
 */
import cliProgress from 'cli-progress';
import type { DatasetDescription, PicturesProgress } from '../data/index.js';
import type { TrialProgress } from '../experiments/index.js';
import type { EpochResult } from '../runs/index.js';
import type { StepProgress, TrainHooks } from '../training/index.js';
import { descriptionLines } from './data_lines.js';

/** Where trainings report to, and a way to write a line of one's own between. */
export interface Progress
  extends Required<Pick<TrainHooks, 'onPhase' | 'onPictures' | 'onNote' | 'onData' | 'onStep' | 'onEpoch'>> {
  line: (text: string) => void;
  /** Takes the bar away. */
  stop: () => void;
}

const decimal = (value: number | null, digits: number) => (value === null ? '-' : value.toFixed(digits));

function epochLine(epoch: EpochResult, epochs: number): string {
  const place = `epoch ${String(epoch.epoch).padStart(String(epochs).length)}/${epochs}`;
  const train = `loss ${decimal(epoch.loss, 4)}  accuracy ${decimal(epoch.accuracy, 3)}`;
  const validation = `val. loss ${decimal(epoch.valLoss, 4)}  val. accuracy ${decimal(epoch.valAccuracy, 3)}`;
  const shown = epoch.valLoss === null ? train : `${train}  ${validation}`;
  return `${place}  ${shown}  ${epoch.seconds.toFixed(1)} s  ${epoch.weightsHash.slice(0, 19)}`;
}

/** Longest silence in a file or pipe, in milliseconds, while an epoch is going on. */
const silence = 30_000;

/** `train: hashing` */
const pictureWords = ({ split, phase }: PicturesProgress) => `${split}: ${phase}`;

/** Tells what the data are, and notes; the trials of an experiment have the same ones, and once is enough. */
function onceTellers(line: (text: string) => void): Pick<Progress, 'onNote' | 'onData'> {
  const told = new Set<string>();
  const onNote = (lines: string) => {
    if (!told.has(lines)) line(lines);
    told.add(lines);
  };
  return { onNote, onData: (data: DatasetDescription) => onNote(descriptionLines(data).join('\n')) };
}

function lineProgress(): Progress {
  let spoken = Date.now();
  const line = (text: string) => {
    spoken = Date.now();
    process.stderr.write(`${text}\n`);
  };
  const phases = new Set<string>();
  return {
    line,
    // A phase comes again with every epoch; once is enough in a file.
    onPhase: (phase) => {
      if (!phases.has(phase)) line(phase);
      phases.add(phase);
    },
    onPictures: (at) => {
      if (Date.now() - spoken >= silence) line(`${pictureWords(at)} ${at.done}/${at.total} pictures`);
    },
    ...onceTellers(line),
    onEpoch: (epoch, epochs) => line(epochLine(epoch, epochs)),
    onStep: ({ epoch, epochs, step, steps, loss }) => {
      if (Date.now() - spoken >= silence)
        line(`epoch ${epoch}/${epochs}  step ${step}/${steps}  loss ${loss.toFixed(4)}`);
    },
    stop: () => {},
  };
}

/** Empties the line the cursor stands in. */
const blank = '\r\u001b[K';

function barProgress(): Progress {
  const format = '{what}  {bar}  {value}/{total} {unit}  {eta_formatted} left';
  const bar = new cliProgress.SingleBar(
    { stream: process.stderr, format, hideCursor: true, clearOnComplete: true, barsize: 30 },
    cliProgress.Presets.rect,
  );
  let shown: { bar: string } | 'phase' | 'nothing' = 'nothing';
  const stop = () => {
    if (typeof shown === 'object') bar.stop();
    if (shown !== 'nothing') process.stderr.write(blank);
    shown = 'nothing';
  };
  const line = (text: string) => {
    stop();
    process.stderr.write(`${text}\n`);
  };
  const onPhase = (phase: string) => {
    stop();
    process.stderr.write(`${phase} ...`);
    shown = 'phase';
  };
  const show = (what: string, unit: string, done: number, total: number) => {
    if (typeof shown !== 'object' || shown.bar !== what) {
      stop();
      bar.start(total, done, { what, unit });
      shown = { bar: what };
    }
    bar.update(done, { what, unit });
  };
  return {
    line,
    onPhase,
    onPictures: (at) => show(pictureWords(at), 'pictures', at.done, at.total),
    ...onceTellers(line),
    onStep: ({ epoch, epochs, step, steps, loss }: StepProgress) =>
      show(`epoch ${epoch}/${epochs}`, `steps  loss ${loss.toFixed(4)}`, step, steps),
    onEpoch: (epoch, epochs) => line(epochLine(epoch, epochs)),
    stop,
  };
}

/** Passes on one picture in a hundredth of a phase: a message takes longer than a small picture. */
function everyHundredth(pass: (at: PicturesProgress) => void): Progress['onPictures'] {
  let last = '';
  return (at) => {
    const place = `${pictureWords(at)} ${Math.floor((100 * at.done) / at.total)}`;
    if (place !== last) pass(at);
    last = place;
  };
}

function messageProgress(): Progress {
  const send = (progress: TrialProgress) => process.send?.(progress);
  return {
    line: () => {},
    onPhase: (phase) => send({ kind: 'phase', phase }),
    onPictures: everyHundredth((progress) => send({ kind: 'pictures', progress })),
    onNote: (note) => send({ kind: 'note', note }),
    onData: (data) => send({ kind: 'data', data }),
    onStep: (step) => send({ kind: 'step', step }),
    onEpoch: (epoch, epochs) => send({ kind: 'epoch', epoch, epochs }),
    stop: () => {},
  };
}

/** The progress that fits where this process runs. */
export function openProgress(): Progress {
  if (process.connected) return messageProgress();
  return process.stderr.isTTY ? barProgress() : lineProgress();
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
