// The memory that trials of a study share: who is let in, who waits for whom, and that nobody waits for ever.

import { beforeEach, describe, expect, it } from 'vitest';
import { parsePlan, type StudyTrial, studyTrials } from '../../../lib/studies/index.js';
import { Room } from '../../../lib/trials/memory.js';

const trials = studyTrials(
  parsePlan({
    name: 'room',
    fixed: { data: 'synthetic', model: 'keras_convnet' },
    factors: { seed: [0, 1] },
    modes: { deterministic: 4 },
  }),
);
const [a, b, c, d] = trials as [StudyTrial, StudyTrial, StudyTrial, StudyTrial];
const other = trials.at(-1)!;

let free: number;
let room: Room;
let order: string[];
let stopped: boolean;
beforeEach(() => {
  free = 1000;
  room = new Room(() => free);
  order = [];
  stopped = false;
});
const name = (trial: StudyTrial) => ['a', 'b', 'c', 'd'][trials.indexOf(trial)] ?? 'other';
const enter = (trial: StudyTrial) => {
  const onWait = (needed: number, now: number) => order.push(`${name(trial)} waits for ${needed} of ${now}`);
  return room.enter(trial, { onWait, stopped: () => stopped }).then(() => void order.push(`${name(trial)} in`));
};
/** All that can go on has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the room of trials', () => {
  it('lets all in as long as nothing is known of them, and those of another configuration later', async () => {
    void enter(a);
    void enter(b);
    room.note(a, { peakMemoryMiB: 900 });
    void enter(other);
    await settled();
    expect(order).toEqual(['a in', 'b in', 'other in']);
  });

  it('counts what those inside will take, before they take it', async () => {
    room.note(a, { peakMemoryMiB: 400 });
    room.note(a, { peakMemoryMiB: 300 });
    for (const trial of [a, b, c]) void enter(trial);
    await settled();
    expect(order).toEqual(['c waits for 400 of 1000', 'a in', 'b in']);
    room.leave(a);
    await settled();
    expect(order.at(-1)).toBe('c in');
  });

  it('waits where other programs have the memory', async () => {
    room.note(a, { peakMemoryMiB: 100 });
    void enter(a);
    free = 50;
    void enter(b);
    await settled();
    expect(order).toEqual(['b waits for 100 of 50', 'a in']);
  });

  it('lets one in where none is inside, however large, and wakes everyone who waits', async () => {
    room.note(a, { peakMemoryMiB: 2000 });
    for (const trial of [a, b, c, d]) void enter(trial);
    await settled();
    expect(order.slice(-1)).toEqual(['a in']);
    for (const [leaving, next] of [
      [a, 'b in'],
      [b, 'c in'],
      [c, 'd in'],
    ] as const) {
      room.leave(leaving);
      await settled();
      expect(order.at(-1)).toBe(next);
    }
    expect(order.filter((line) => line.includes('waits'))).toHaveLength(3);
  });

  it('lets everyone go on who waits when it is stopped', async () => {
    room.note(a, { peakMemoryMiB: 2000 });
    for (const trial of [a, b, c]) void enter(trial);
    await settled();
    stopped = true;
    room.leave(a);
    await settled();
    expect(order.slice(-2)).toEqual(['b in', 'c in']);
  });
});
