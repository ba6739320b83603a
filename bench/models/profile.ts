/** Where the time of a training step goes: its kernel calls by kernel and shape, each held against the roofs. */
import type { Roofs } from '../machine.js';
import { digits, milliseconds, percent, ratioText, textTable } from '../page.js';
import { callKey, type Profile, type Slot, type TimedCall } from '../recorder.js';
import { drawer, geometricMean, spread, turnRatio } from '../statistics.js';
import { type RoofShare, roofShare, workOf } from '../work.js';

/** Kernel calls of one kind in a step. */
interface Kind {
  call: Pick<TimedCall, 'kernel' | 'slots' | 'settings'>;
  /** How often a step makes this call. */
  count: number;
  /** Median seconds of one call. */
  seconds: number;
  /** Seconds of all its calls, step by step. */
  turns: readonly number[];
}

const shapeText = (slots: readonly (Slot | null)[]): string =>
  slots
    .filter((slot) => slot !== null)
    .slice(0, 2)
    .map(({ shape }) => `[${shape}]`)
    .join(' ');

/** The calls of profiled steps by kind, those that take longest first. */
export function kindsOf({ seconds: steps, calls }: Profile): Kind[] {
  const groups = new Map<string, Profile['calls']>();
  for (const call of calls) groups.set(callKey(call), [...(groups.get(callKey(call)) ?? []), call]);
  return [...groups.values()]
    .map((list) => ({
      call: list[0]!,
      count: list.length,
      seconds: spread(list.flatMap(({ seconds }) => seconds)).median,
      turns: steps.map((_, turn) => list.reduce((sum, { seconds }) => sum + seconds[turn]!, 0)),
    }))
    .sort((a, b) => b.count * b.seconds - a.count * a.seconds);
}

/** Kernels that belong together when a step is judged as a whole. */
const families: readonly { name: string; kernel: RegExp; bound: RoofShare['bound'] }[] = [
  { name: 'conv2d', kernel: /^conv2d\./, bound: 'arithmetic' },
  { name: 'depthwise_conv2d and batch_norm', kernel: /^(depthwise_conv2d|batch_norm)\./, bound: 'memory' },
];

/** A call that moves less than this is bound by neither roof but by being called; batch_norm.moving is one. */
const leastBytes = 2 ** 20;

/** How near the kinds of call of a family come to their roof: each kind once, and by the time they take. */
function familyLines(kinds: readonly Kind[], roofs: Roofs): string[] {
  return families.flatMap(({ name, kernel, bound }) => {
    const shares = kinds
      .filter(({ call }) => kernel.test(call.kernel) && workOf(call).bytes >= leastBytes)
      .map(({ call, count, seconds }) => ({ ...roofShare(workOf(call), roofs, seconds), time: count * seconds }))
      .filter((one) => one.bound === bound);
    if (shares.length === 0) return [];
    const time = shares.reduce((sum, one) => sum + one.time, 0);
    const least = shares.reduce((sum, one) => sum + one.share * one.time, 0);
    const mean = percent(geometricMean(shares.map(({ share }) => share)));
    return [`${name}, ${bound}-bound: ${mean} of the roof by geometric mean, ${percent(least / time)} by time`];
  });
}

/**
 * A table of the kinds of call that take at least 0.5 % of a step, and the rest in one line. `atomic` is the
 * profile of the same training in atomic mode, made in turn.
 */
export function profilePage(profile: Profile, atomic: Profile | undefined, roofs: Roofs): string {
  const kinds = kindsOf(profile);
  const draw = drawer();
  const others = new Map((atomic === undefined ? [] : kindsOf(atomic)).map((kind) => [callKey(kind.call), kind.turns]));
  const price = ({ call, turns }: Kind): string => {
    const other = others.get(callKey(call));
    return other === undefined ? '-' : ratioText(turnRatio(turns, other, { draw }));
  };
  const stepSeconds = spread(profile.seconds).median;
  const total = (list: readonly Kind[]) => list.reduce((sum, { count, seconds }) => sum + count * seconds, 0);
  const large = kinds.filter((kind) => total([kind]) >= 0.005 * stepSeconds);
  const rows = large.map((kind) => {
    const { call, count, seconds } = kind;
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
      price(kind),
    ];
  });
  const head = [
    'kernel',
    'shapes',
    'calls',
    'ms',
    'of step',
    'GFLOP/s',
    'GB/s',
    'of roof',
    'bound by',
    '/ atomic [95 % interval]',
  ];
  const small = total(kinds) - total(large);
  const outside = stepSeconds - total(kinds);
  return [
    textTable(head, rows),
    `smaller kernels ${milliseconds(small)} ms, outside of kernels ${milliseconds(outside)} ms`,
    ...familyLines(kinds, roofs),
  ].join('\n');
}
