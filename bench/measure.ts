/** Two ways of taking times: many calls of one thing with the package benchmark, and several things turn by turn. */
import Benchmark from 'benchmark';

/** Seconds per call of each sample; a sample is as many calls as the clock needs to be exact to 1 %. */
export function timeCalls(body: () => void, { maxSeconds, minSamples }: { maxSeconds: number; minSamples: number }) {
  body();
  const bench = new Benchmark({ fn: body, maxTime: maxSeconds, minSamples });
  bench.run({ async: false });
  if (bench.error !== undefined) throw bench.error;
  return [...bench.stats.sample];
}

const now = () => Number(process.hrtime.bigint()) * 1e-9;

/** How many calls of `body` last at least `seconds`. */
function callsFor(body: () => void, seconds: number): number {
  body();
  const start = now();
  body();
  return Math.max(1, Math.ceil(seconds / (now() - start)));
}

/** How often two bodies take turns, and how long one sample lasts at the least. */
export interface TurnLimits {
  turns: number;
  sampleSeconds: number;
}

/**
 * Times two bodies turn by turn, `turns` times: A B, B A, A B, ... so that neither always goes first. Each time is
 * that of one call, over enough calls to last `sampleSeconds`.
 */
export function timeInTurn(
  bodies: readonly [() => void, () => void],
  { turns, sampleSeconds }: TurnLimits,
): [number[], number[]] {
  const counts = bodies.map((body) => callsFor(body, sampleSeconds));
  const seconds: [number[], number[]] = [[], []];
  for (let turn = 0; turn < turns; turn += 1) {
    for (const i of turn % 2 === 0 ? [0, 1] : [1, 0]) {
      const start = now();
      for (let call = 0; call < counts[i]!; call += 1) bodies[i]!();
      seconds[i]!.push((now() - start) / counts[i]!);
    }
  }
  return seconds;
}
