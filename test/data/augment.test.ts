// Augmentation of pictures and masks alike: both go the same way, draws depend on seed, epoch and sample alone, each step does what its
// name says, and a training with it has the same bits on any number of threads.

import { describe, expect, it } from 'vitest';
import { gaussianWeights } from '../../lib/data/augment/maps.js';
import { augmentSplit, type Split } from '../../lib/data/index.js';
import { createRuntime, layers, sequential, train, weightsHash } from '../../lib/index.js';
import { temporaryFolder } from './pictures.js';

const [height, width, length] = [12, 16, 5];

/** A mask of some pixels of sample i, and the picture that is 255 where it is 1. */
const maskAt = (sample: number, at: number) => {
  const [row, column] = [Math.floor(at / width), at % width];
  return (row - 5) ** 2 + (column - 6 - sample) ** 2 < 12 ? 1 : 0;
};

function masked(valueAt: (mask: number, at: number) => number = (mask) => 255 * mask): Split {
  const places = height * width;
  return {
    length,
    sampleShape: [height, width, 1],
    targets: { kind: 'mask', shape: [height, width], classes: 2 },
    read: (indices) => {
      const all = Array.from(indices, (i) => Array.from({ length: places }, (_, at) => maskAt(i, at)));
      const x = Uint8Array.from(all.flatMap((mask) => mask.map(valueAt)));
      return { x, y: Float32Array.from(all.flat()) };
    },
  };
}

const augmented = (steps: string[], seed = 1, split = masked()) => augmentSplit(split, { steps, seed });
const values = ({ x, y }: { x: ArrayLike<number>; y: ArrayLike<number> }) => [Array.from(x), Array.from(y)] as const;
const every = Array.from({ length }, (_, i) => i);

const all = [
  'crop:padding=3',
  'flip:mode=horizontal_and_vertical',
  'rotation:factor=0.2',
  'zoom:factor=0.3',
  'translation:factor=0.2',
  'elastic:alpha=12,sigma=2',
  'contrast:factor=0.4',
];

describe('picture and mask', () => {
  it.each(['flip', 'flip:mode=vertical', 'crop:padding=5'])('go the same whole pixels with %s', (step) => {
    const split = augmented([step]);
    let moved = 0;
    for (let epoch = 0; epoch < 4; epoch++) {
      const [x, y] = values(split.read(every, epoch));
      expect(x).toEqual(y.map((label) => 255 * label));
      if (JSON.stringify(y) !== JSON.stringify(values(split.read(every))[1])) moved++;
    }
    expect(moved).toBeGreaterThan(0);
  });

  it.each(['rotation:factor=0.3', 'zoom:factor=0.5', 'translation:factor=0.3', 'elastic:alpha=12,sigma=2'])(
    'go the same way between pixels with %s',
    (step) => {
      const [x, y] = values(augmented([step]).read(every, 2));
      // Where all pixels around are of one class there is no doubt; elsewhere the mask is that of the nearest pixel.
      const wrong = x.filter((value, at) => (value === 255 && y[at] !== 1) || (value === 0 && y[at] !== 0));
      expect(wrong).toEqual([]);
      expect(x.some((value) => value > 0 && value < 255)).toBe(true);
      expect(y).not.toEqual(values(masked().read(every))[1]);
    },
  );

  it('stay as they are without an epoch, and without steps', () => {
    const plain = values(masked().read(every));
    expect(values(augmented(all).read(every))).toEqual(plain);
    expect(values(augmented([]).read(every, 0))).toEqual(plain);
  });
});

describe('what is drawn', () => {
  it('depends on seed, epoch and sample, and not on the batch', () => {
    const split = augmented(all);
    const whole = values(split.read(every, 3));
    const places = height * width;
    for (const i of [4, 0, 2]) {
      const [x, y] = values(split.read([i], 3));
      expect([x, y]).toEqual([
        whole[0].slice(i * places, (i + 1) * places),
        whole[1].slice(i * places, (i + 1) * places),
      ]);
    }
    expect(values(augmented(all).read(every, 3))).toEqual(whole);
    expect(values(split.read(every, 4))).not.toEqual(whole);
    expect(values(augmented(all, 2).read(every, 3))).not.toEqual(whole);
  });

  it('is another for each step of the same kind', () => {
    const one = values(augmented(['translation:factor=0.3']).read([0], 0));
    const two = values(augmented(['translation:factor=0.3', 'translation:factor=0.3']).read([0], 0));
    expect(two).not.toEqual(one);
  });
});

describe('a step', () => {
  it('crop moves by up to its padding, and fills with 0', () => {
    const ones: Split = { ...masked(() => 200) };
    const split = augmented(['crop:padding=2'], 3, ones);
    const shifts = new Set<string>();
    for (let epoch = 0; epoch < 40; epoch++) {
      const x = Array.from(split.read([0], epoch).x);
      const blank = (at: (i: number) => number, count: number) =>
        Array.from({ length: count }, (_, i) => x[at(i)]).findIndex((value) => value !== 0);
      const rows = Array.from({ length: height }, (_, row) =>
        x.slice(row * width, (row + 1) * width).some((value) => value !== 0),
      );
      expect(rows.filter((there) => !there).length).toBeLessThanOrEqual(2);
      expect([...new Set(x)].every((value) => value === 0 || value === 200)).toBe(true);
      shifts.add(`${rows.indexOf(true)} ${blank((i) => 6 * width + i, width)}`);
    }
    expect(shifts.size).toBe(9);
  });

  it('contrast changes the picture about its mean and leaves the mask', () => {
    const [x, y] = values(augmented(['contrast:factor=0.5']).read([1], 0));
    const [plain, mask] = values(masked((one) => 100 + 40 * one).read([1]));
    const [changed] = values(
      augmented(
        ['contrast:factor=0.5'],
        1,
        masked((one) => 100 + 40 * one),
      ).read([1], 0),
    );
    expect(y).toEqual(mask);
    expect(new Set(x).size).toBe(2);
    const mean = plain.reduce((a, b) => a + b, 0) / plain.length;
    const factor = (changed[0]! - mean) / (plain[0]! - mean);
    expect(factor).toBeGreaterThan(0.45);
    expect(factor).toBeLessThan(1.55);
    expect(changed.every((value, at) => Math.abs(value - ((plain[at]! - mean) * factor + mean)) <= 1)).toBe(true);
  });

  // The picture is its own columns and rows, so that what is read tells from where.
  const own: Split = {
    length: 1,
    sampleShape: [height, width, 2],
    targets: { kind: 'class', shape: [1], classes: 2 },
    read: () => {
      const x = Float32Array.from({ length: 2 * height * width }, (_, at) => {
        const place = at >> 1;
        return at % 2 === 0 ? place % width : Math.floor(place / width);
      });
      return { x, y: Float32Array.of(0) };
    },
  };
  const middle = [(width - 1) / 2, (height - 1) / 2] as const;
  /** From where each pixel is read, about the middle: of those within 3 of it, which read from inside the picture. */
  const readFrom = (step: string, epoch: number) => {
    const { x } = augmentSplit(own, { steps: [step], seed: 9 }).read([0], epoch);
    return Array.from({ length: height * width }, (_, place) => {
      const at = [(place % width) - middle[0], Math.floor(place / width) - middle[1]] as const;
      return { at, from: [x[2 * place]! - middle[0], x[2 * place + 1]! - middle[1]] as const };
    }).filter(({ at }) => Math.hypot(...at) < 3);
  };
  type Turn = (at: readonly [number, number], by: number) => readonly [number, number];
  /** By how much all pixels are moved as `turn` says, in each of 60 epochs. */
  const moves = (
    step: string,
    turn: Turn,
    measure: (from: readonly [number, number], at: readonly [number, number]) => number,
  ) =>
    Array.from({ length: 60 }, (_, epoch) => {
      const found = readFrom(step, epoch);
      const far = found.reduce((a, b) => (Math.hypot(...b.at) > Math.hypot(...a.at) ? b : a));
      const by = measure(far.from, far.at);
      for (const { at, from } of found) {
        const wanted = turn(at, by);
        expect(Math.hypot(from[0] - wanted[0], from[1] - wanted[1])).toBeLessThan(1e-4);
      }
      return by;
    });
  /** All within `most` of `still`, and some near both ends. */
  const fill = (drawn: readonly number[], still: number, most: number) => {
    for (const one of drawn) expect(Math.abs(one - still)).toBeLessThanOrEqual(most * 1.0001);
    expect(Math.max(...drawn)).toBeGreaterThan(still + 0.8 * most);
    expect(Math.min(...drawn)).toBeLessThan(still - 0.8 * most);
  };

  it('zoom takes pixels nearer to the middle or further from it, by up to its factor', () => {
    const times: Turn = ([x, y], by) => [x * by, y * by];
    const drawn = moves('zoom:factor=0.2', times, (from, at) => Math.hypot(...from) / Math.hypot(...at));
    fill(drawn, 1, 0.2);
  });

  it('rotation turns about the middle by up to its share of a full turn', () => {
    const turned: Turn = ([x, y], by) => [x * Math.cos(by) - y * Math.sin(by), x * Math.sin(by) + y * Math.cos(by)];
    const angle = (from: readonly [number, number], at: readonly [number, number]) =>
      Math.atan2(at[0] * from[1] - at[1] * from[0], at[0] * from[0] + at[1] * from[1]);
    fill(moves('rotation:factor=0.1', turned, angle), 0, 0.2 * Math.PI);
  });

  it('translation moves by up to its share of height and width', () => {
    const shifts = Array.from({ length: 60 }, (_, epoch) => {
      const found = readFrom('translation:factor=0.1', epoch).map(({ at, from }) => [from[0] - at[0], from[1] - at[1]]);
      for (const [x, y] of found) expect(Math.hypot(x! - found[0]![0]!, y! - found[0]![1]!)).toBeLessThan(1e-4);
      return found[0]!;
    });
    fill(
      shifts.map(([x]) => x!),
      0,
      0.1 * width,
    );
    fill(
      shifts.map(([, y]) => y!),
      0,
      0.1 * height,
    );
  });

  it.each(['rotation:factor=0', 'zoom:factor=0', 'translation:factor=0', 'contrast:factor=0'])(
    '%s leaves the picture as it is',
    (step) => {
      const plain = values(masked().read(every));
      expect(values(augmented([step]).read(every, 3))).toEqual(plain);
      expect(values(augmented([step.replace('=0', '=0.5')]).read(every, 3))).not.toEqual(plain);
    },
  );

  it('elastic blurs by a Gaussian that adds up to 1', () => {
    using runtime = createRuntime({ threads: 1 });
    const weights = gaussianWeights(runtime, 2.5);
    expect(weights.length).toBe(9);
    const exact = Array.from(weights, (_, i) => Math.exp(-(i * i) / 12.5));
    const sum = exact.reduce((total, value, i) => total + (i === 0 ? value : 2 * value), 0);
    for (const [i, weight] of weights.entries()) expect(weight).toBeCloseTo(exact[i]! / sum, 7);
  });

  it('elastic moves neighbours by nearly as much', () => {
    // The picture is its own column, so that what is read tells where.
    const ramp = masked((_, at) => 10 * (at % width));
    const x = Array.from(augmented(['elastic:alpha=10,sigma=3'], 5, ramp).read([0], 0).x);
    const moves = x.map((value, at) => value / 10 - (at % width));
    const inner = moves.filter((_, at) => at % width > 4 && at % width < 11);
    expect(Math.max(...inner.map(Math.abs))).toBeGreaterThan(0.1);
    const jumps = inner
      .slice(1)
      .map((move, i) => Math.abs(move - inner[i]!))
      .filter((_, i) => (i + 1) % 6 !== 0);
    expect(Math.max(...jumps)).toBeLessThan(0.5);
  });
});

describe('augmentSplit is refused', () => {
  it.each([
    [
      ['shear'],
      "augmentSplit: expected augment to be one of crop, flip, rotation, zoom, translation, elastic, contrast, got 'shear'",
    ],
    [['rotation'], 'augmentSplit rotation: expected factor to be a number from 0 to 1, got none'],
    [['elastic:sigma=65'], 'augmentSplit elastic: expected sigma to be a number above 0, up to 64, got 65'],
    [
      ['flip:mode=round'],
      "augmentSplit flip: expected mode to be one of horizontal, vertical, horizontal_and_vertical, got 'round'",
    ],
    [['crop:pad=4'], "augmentSplit crop: expected options padding, got 'pad'"],
  ])('for %o', (steps, message) => {
    expect(() => augmented(steps)).toThrow(expect.objectContaining({ code: 'ARGUMENT', message }));
  });

  it('for samples that are no pictures, and targets that do not go along', () => {
    const { read } = masked();
    const flat: Split = { length, sampleShape: [192], targets: { kind: 'class', shape: [], classes: 2 }, read };
    expect(() => augmented(['flip'], 1, flat)).toThrow(
      'augmentSplit: expected samples [height, width, channels] to augment, got [192]',
    );
    const own: Split = { ...masked(), targets: { kind: 'value', shape: [12, 16, 1], classes: 0 } };
    expect(() => augmented(['flip'], 1, own)).toThrow(
      "augmentSplit: expected targets that are classes, or masks of the size of their samples, to augment, got [12, 16, 1] of the kind 'value'",
    );
  });
});

describe('model.fit', () => {
  const compiled = () => {
    const runtime = createRuntime({ threads: 1 });
    const head = layers.conv2d({ filters: 2, kernelSize: 3, padding: 'same', activation: 'softmax' });
    const net = sequential([layers.input({ shape: [height, width, 1] }), head]);
    return net.compile({ runtime, loss: 'sparseCategoricalCrossentropy', metrics: [] });
  };

  it('learns from an augmented split, and from other samples than without (control)', async () => {
    const hashes: string[] = [];
    for (const split of [augmented(['crop:padding=4']), augmented(['crop:padding=4']), masked()]) {
      const net = compiled();
      await net.fit(split, { epochs: 1, verbose: 0, shuffle: false, batchSize: 5 });
      hashes.push(weightsHash(net));
    }
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[0]).not.toBe(hashes[2]);
  });

  it('refuses one beside a run folder, whose receipt could not say how it was drawn', async () => {
    const message =
      "fit: expected samples that are not augmented, beside run, got ['flip']; no receipt could say how; train with the setting augment instead";
    const out = `${temporaryFolder()}/run`;
    await expect(compiled().fit(augmented(['flip']), { run: { out } })).rejects.toThrow(message);
  });
});

describe('a training with augmentation', () => {
  const request = {
    ...{ model: 'keras_convnet', data: 'synthetic', samples: 6, imageSize: 80, epochs: 2, batchSize: 3, seed: 4 },
    modelOptions: { augmentation: false },
  };
  const augment = ['flip', 'elastic:alpha=8,sigma=2', 'contrast:factor=0.2'];

  it('has the same bits on one thread and on two, and when it is resumed; others without (control)', async () => {
    const whole = await train({ ...request, augment, threads: 1 });
    expect((await train({ ...request, augment, threads: 2 })).weightsHash).toBe(whole.weightsHash);
    const out = temporaryFolder();
    await train({ ...request, augment, epochs: 1, out: `${out}/run` });
    expect((await train({ resume: `${out}/run`, epochs: 2 })).weightsHash).toBe(whole.weightsHash);
    expect((await train({ ...request, threads: 1 })).weightsHash).not.toBe(whole.weightsHash);
    expect((await train({ ...request, augment: ['flip'], threads: 1 })).weightsHash).not.toBe(whole.weightsHash);
  });
});
