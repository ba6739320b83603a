/** Progress on a terminal: a bar, and a line an epoch above it. */
import { lazyPackage } from '../lazy/index.js';
import { epochLine } from './lines.js';
import { onceTellers, type Progress, pictureWords, type Stream } from './told.js';

const cliProgress = lazyPackage<typeof import('cli-progress')>('cli-progress');

/** Empties the line the cursor stands in. */
const blank = '\r\u001b[K';

/** A bar while steps or pictures go on. */
export function barProgress(stream: Stream): Progress {
  const { Presets, SingleBar } = cliProgress();
  const format = '{what}  {bar}  {value}/{total} {unit}  {eta_formatted} left';
  const bar = new SingleBar({ stream, format, hideCursor: true, clearOnComplete: true, barsize: 30 }, Presets.rect);
  let shown: { bar: string } | 'phase' | 'nothing' = 'nothing';
  const stop = () => {
    if (typeof shown === 'object') bar.stop();
    if (shown !== 'nothing') stream.write(blank);
    shown = 'nothing';
  };
  const line = (text: string) => {
    stop();
    stream.write(`${text}\n`);
  };
  const onPhase = (phase: string) => {
    stop();
    stream.write(`${phase} ...`);
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
    onPictures: (at) => show(pictureWords(at), 'samples', at.done, at.total),
    ...onceTellers(line),
    onStep: ({ epoch, epochs, step, steps, loss }) =>
      show(`epoch ${epoch}/${epochs}`, `steps  loss ${loss.toFixed(4)}`, step, steps),
    onEpoch: (epoch, epochs) => line(epochLine(epoch, epochs)),
    stop,
  };
}
