// Samples held out: how many of each class, which ones, and that what belongs together is never in two splits.

import { describe, expect, it } from 'vitest';
import { heldOut, holdsOut, type Members } from '../../lib/data/index.js';
import { openData } from '../../lib/tasks/index.js';

const labels = Uint32Array.from({ length: 60 }, (_, i) => (i < 40 ? 0 : i < 55 ? 1 : 2));
const members: Members = { length: 60, labels, classNames: ['a', 'b', 'c'] };
const countsOf = (numbers: Uint32Array) => [0, 1, 2].map((label) => numbers.filter((i) => labels[i] === label).length);

describe('samples held out', () => {
  it('are evenly of all classes by number and of each class alike by share', () => {
    const even = heldOut('test', members, { validationSamples: 7 });
    expect([countsOf(even.held), even.kept.length]).toEqual([[3, 2, 2], 53]);
    const share = heldOut('test', members, { validationFraction: 0.25 });
    expect(countsOf(share.held)).toEqual([10, 4, 1]);
  });

  it('and those that stay are all samples, each once and in order', () => {
    const { kept, held } = heldOut('test', members, { validationFraction: 0.4, splitSeed: 9 });
    for (const numbers of [kept, held]) expect([...numbers]).toEqual([...numbers].sort((a, b) => a - b));
    expect([...kept, ...held].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i));
  });

  it('are the same for the same seed and others for another one (control)', () => {
    const of = (splitSeed: number) => [...heldOut('test', members, { validationSamples: 9, splitSeed }).held];
    expect(of(4)).toEqual(of(4));
    expect(of(4)).not.toEqual(of(5));
    expect(of(0)).toEqual([...heldOut('test', members, { validationSamples: 9 }).held]);
  });

  it('keep a group together, whatever its classes', () => {
    const groups = Array.from({ length: 60 }, (_, i) => `patient ${(i * 7) % 20}`);
    const { kept, held } = heldOut('test', { ...members, groups }, { validationFraction: 0.3, splitSeed: 1 });
    const there = new Set(Array.from(kept, (i) => groups[i]));
    expect(held.length).toBeGreaterThanOrEqual(18);
    expect(Array.from(held).filter((i) => there.has(groups[i]))).toEqual([]);
    const alone = heldOut('test', members, { validationFraction: 0.3, splitSeed: 1 });
    const others = new Set(Array.from(alone.kept, (i) => groups[i]));
    expect(Array.from(alone.held).filter((i) => others.has(groups[i])).length).toBeGreaterThan(0);
  });

  it('are as of one class where samples have none', () => {
    const { held } = heldOut('test', { length: 10, classNames: [] }, { validationSamples: 3 });
    expect(held.length).toBe(3);
  });

  it.each([
    [{ validationSamples: 2 }, 'ARGUMENT test: expected validationSamples to be at least 3, one for each class, got 2'],
    [
      { validationSamples: 15 },
      "DATA test: expected samples of class 'c' to be left to train on, got all 5 held out; hold out fewer",
    ],
  ])('are refused for %o', (options, message) => {
    const told = () => {
      try {
        return heldOut('test', members, options);
      } catch (error) {
        return `${(error as { code: string }).code} ${(error as Error).message}`;
      }
    };
    expect(told()).toBe(message);
  });

  it.each([
    [{ validationFraction: 1 }, 'test: expected validationFraction to be a number above 0, below 1, got 1'],
    [{ validationSamples: 0 }, 'test: expected validationSamples to be an integer >= 1, got 0'],
    [
      { validationSamples: 1, validationFraction: 0.1 },
      'test: expected validationSamples or validationFraction, got both',
    ],
    [{ splitSeed: 1 }, 'test: expected validationSamples or validationFraction beside splitSeed, got neither'],
  ])('are refused as options for %o', (options, message) => {
    expect(() => holdsOut('test', options)).toThrow(expect.objectContaining({ code: 'ARGUMENT', message }));
  });
});

describe('data of the user’s own', () => {
  const data = {
    train: { x: Array.from({ length: 12 }, (_, i) => [i]), y: Array.from({ length: 12 }, (_, i) => i % 2) },
    validation: { x: [[100], [101]], y: [0, 1] },
  };

  it('keep what they judge by as test samples when some are held out, and then take the first ones', async () => {
    const { dataset } = await openData({ data, validationSamples: 4, samples: 5 });
    const all = (split: { length: number; read(i: number[]): { x: ArrayLike<number> } }) =>
      Array.from(split.read(Array.from({ length: split.length }, (_, i) => i)).x);
    expect(all(dataset.test!)).toEqual([100, 101]);
    const held = all(dataset.validation!);
    expect(held).toHaveLength(4);
    const left = Array.from({ length: 12 }, (_, i) => i).filter((i) => !held.includes(i));
    expect(all(dataset.train)).toEqual(left.slice(0, 5));
    const whole = await openData({ data });
    expect(whole.dataset.digest).not.toBe(dataset.digest);
  });

  it('are refused where they bring samples for both already', async () => {
    await expect(openData({ data: { ...data, test: data.validation }, validationSamples: 2 })).rejects.toThrow(
      'openTask: expected data without validation samples or without test samples, to hold out others, got both',
    );
  });
});
