/** Progress as lines: what a file or a pipe gets. */
import { measuresOf, shortValue, wordsOf } from './measures.js';
import { type EpochProgress, onceTellers, type Progress, pictureWords, type Stream } from './told.js';

/** `epoch 1/3  loss 0.6931  accuracy 0.500  0.2 s  sha256:4f0c...` */
export function epochLine(epoch: EpochProgress, epochs: number): string {
  const place = `epoch ${String(epoch.epoch).padStart(String(epochs).length)}/${epochs}`;
  const means = measuresOf(epoch).map((one) => {
    return `${one.validation ? 'val. ' : ''}${wordsOf(one.of)} ${shortValue(one)}`;
  });
  const hash = epoch.weightsHash === undefined ? [] : [epoch.weightsHash.slice(0, 19)];
  return [place, ...means, `${epoch.seconds.toFixed(1)} s`, ...hash].join('  ');
}

/** Longest silence in a file or pipe, in milliseconds, while an epoch is going on. */
const silence = 30_000;

/** A line for each phase and epoch, and one now and then while an epoch goes on. */
export function lineProgress(stream: Stream): Progress {
  let spoken = Date.now();
  const line = (text: string) => {
    spoken = Date.now();
    stream.write(`${text}\n`);
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
      if (Date.now() - spoken >= silence) line(`${pictureWords(at)} ${at.done}/${at.total} samples`);
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

/** A line an epoch, and nothing while one goes on. */
export function epochProgress(stream: Stream): Progress {
  const quiet = () => {};
  return { ...lineProgress(stream), onPhase: quiet, onPictures: quiet, onStep: quiet };
}
