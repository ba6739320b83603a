/**
 * Progress on stderr: a bar with a line an epoch on a terminal, lines alone where stderr is a file or a pipe, and
 * messages instead of either when this process is a trial of an experiment.
 */
import cliProgress from 'cli-progress';
import type { TrialProgress } from '../experiments/index.js';
import type { EpochResult, StepProgress, TrainHooks } from '../training/index.js';

/** Where trainings report to, and a way to write a line of one's own between. */
export interface Progress extends Required<Pick<TrainHooks, 'onPhase' | 'onStep' | 'onEpoch'>> {
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
  const format = 'epoch {epoch}/{epochs}  {bar}  {value}/{total} steps  loss {loss}  {eta_formatted} left';
  const bar = new cliProgress.SingleBar(
    { stream: process.stderr, format, hideCursor: true, clearOnComplete: true, barsize: 30 },
    cliProgress.Presets.rect,
  );
  let shown: 'nothing' | 'phase' | number = 'nothing';
  const stop = () => {
    if (typeof shown === 'number') bar.stop();
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
  const onStep = ({ epoch, epochs, step, steps, loss }: StepProgress) => {
    const values = { epoch, epochs, loss: loss.toFixed(4) };
    if (shown !== epoch) {
      stop();
      bar.start(steps, step, values);
      shown = epoch;
    }
    bar.update(step, values);
  };
  return { line, onPhase, onStep, onEpoch: (epoch, epochs) => line(epochLine(epoch, epochs)), stop };
}

function messageProgress(): Progress {
  const send = (progress: TrialProgress) => process.send?.(progress);
  return {
    line: () => {},
    onPhase: (phase) => send({ kind: 'phase', phase }),
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
  if (message.kind === 'step') progress.onStep(message.step);
  if (message.kind === 'epoch') progress.onEpoch(message.epoch, message.epochs);
}
