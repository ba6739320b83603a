/** Power of an NVIDIA device, asked of nvidia-smi (NVML's own program) twice a second while a training runs. */
import { type ChildProcess, spawn } from 'node:child_process';

/** Watts at a time, in seconds. */
export interface PowerSample {
  seconds: number;
  watts: number;
}

/** A line as `2026/11/30 17:45:06.123, 71.23`; undefined for one without a number, as of a device that does not tell its power. */
export function parsePowerLine(line: string): PowerSample | undefined {
  const [, day, time, watts] = /^(\d{4}\/\d\d\/\d\d) (\d\d:\d\d:\d\d\.\d+), *(\d+(?:\.\d+)?)\s*$/.exec(line) ?? [];
  if (day === undefined) return undefined;
  return { seconds: Date.parse(`${day.replaceAll('/', '-')}T${time}Z`) / 1000, watts: Number(watts) };
}

/** Mean power over the time between the first sample and the last, straight lines between them; undefined of no samples. */
export function meanWatts(samples: readonly PowerSample[]): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const span = last.seconds - first.seconds;
  if (!(span > 0)) return first.watts;
  const joules = samples
    .slice(1)
    .reduce(
      (sum, { seconds, watts }, i) => sum + (seconds - samples[i]!.seconds) * ((watts + samples[i]!.watts) / 2),
      0,
    );
  return joules / span;
}

/** The device that CUDA counts as 0, by what the environment says. */
const deviceId = (visible = process.env['CUDA_VISIBLE_DEVICES']) => visible?.split(',')[0] || '0';

/** Asks until it is stopped. */
export class DevicePower {
  readonly #samples: PowerSample[] = [];
  readonly #child: ChildProcess;
  #rest = '';
  #missing: string | undefined;

  constructor(program = 'nvidia-smi') {
    const query = ['--query-gpu=timestamp,power.draw', '--format=csv,noheader,nounits', '--loop-ms=500'];
    this.#child = spawn(program, [`--id=${deviceId()}`, ...query], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child.on('error', ({ message }) => {
      this.#missing = `${program} does not start (${message})`;
    });
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    // A training does not wait for it.
    this.#child.unref();
    (this.#child.stdout as unknown as { unref?: () => void }).unref?.();
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) {
      const sample = parsePowerLine(line);
      if (sample !== undefined) this.#samples.push(sample);
      else this.#missing ??= `nvidia-smi tells no power (${line.slice(0, 80)})`;
    }
  }

  /** Mean power so far, or why it is not known. */
  watts(): { watts: number } | { missing: string } {
    const watts = meanWatts(this.#samples);
    return watts === undefined ? { missing: this.#missing ?? 'nvidia-smi has told nothing yet' } : { watts };
  }

  stop(): void {
    // Of a program that did not start, Node's kill would go to the processes of this one's group.
    if (this.#child.pid !== undefined) this.#child.kill();
  }
}
