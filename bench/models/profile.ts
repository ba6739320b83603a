/** Where the time of a training step goes: its kernel calls by kernel and shape, each held against the roofs. */
import type { Roofs } from '../machine.js';
import { digits, milliseconds, percent, textTable } from '../page.js';
import { callKey, type Slot, type TimedCall, type TimedWork } from '../recorder.js';
import { spread } from '../statistics.js';
import { roofShare, workOf } from '../work.js';

/** Kernel calls of one kind in a step. */
interface Kind {
  call: TimedCall;
  /** How often a step makes this call. */
  count: number;
  /** Median seconds of one call. */
  seconds: number;
}

const shapeText = (slots: readonly (Slot | null)[]): string =>
  slots
    .filter((slot) => slot !== null)
    .slice(0, 2)
    .map(({ shape }) => `[${shape}]`)
    .join(' ');

/** The calls of several profiled steps by kind, those that take longest first. */
export function kindsOf(steps: readonly TimedWork[]): Kind[] {
  const groups = new Map<string, TimedCall[]>();
  for (const call of steps.flatMap(({ calls }) => calls)) {
    const key = callKey(call);
    groups.set(key, [...(groups.get(key) ?? []), call]);
  }
  return [...groups.values()]
    .map((calls) => ({
      call: calls[0]!,
      count: calls.length / steps.length,
      seconds: spread(calls.map(({ seconds }) => seconds)).median,
    }))
    .sort((a, b) => b.count * b.seconds - a.count * a.seconds);
}

/** A table of the kinds of call that take at least 0.5 % of a step, and the rest in one line. */
export function profilePage(steps: readonly TimedWork[], roofs: Roofs): string {
  const kinds = kindsOf(steps);
  const stepSeconds = spread(steps.map(({ seconds }) => seconds)).median;
  const total = (list: readonly Kind[]) => list.reduce((sum, { count, seconds }) => sum + count * seconds, 0);
  const large = kinds.filter((kind) => total([kind]) >= 0.005 * stepSeconds);
  const rows = large.map(({ call, count, seconds }) => {
    const work = workOf(call);
    const { share, bound } = roofShare(work, roofs, seconds);
    return [
      call.kernel,
      shapeText(call.slots),
      digits(count),
      milliseconds(seconds),
      percent((count * seconds) / stepSeconds),
      work.flops === 0 ? '-' : digits((work.flops * 1e-9) / seconds),
      digits((work.bytes * 1e-9) / seconds),
      percent(share),
      bound,
    ];
  });
  const head = ['kernel', 'shapes', 'calls', 'ms', 'of step', 'GFLOP/s', 'GB/s', 'of roof', 'bound by'];
  const small = total(kinds) - total(large);
  const outside = stepSeconds - total(kinds);
  return `${textTable(head, rows)}\nsmaller kernels ${milliseconds(small)} ms, outside of kernels ${milliseconds(outside)} ms`;
}
