// Calls in a row that a device computes by one launch (native/runtime/cuda_group.h), on the shim: the bits are those of the CPU,
// one call after the other, whatever is asked for between; and there are as few launches as that allows.

import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import type { NativeRuntime, NativeStorage, NativeTensor } from '../../lib/addon/index.js';
import { native } from '../../lib/addon/index.js';
import { capabilities } from '../../lib/index.js';
import { firstDifference } from '../support/bits.js';
import { uniforms } from '../support/inputs.js';
import { buildAddon } from './build.js';

const { contracts } = capabilities();
const kernels = Object.keys(contracts).filter((kernel) => contracts[kernel]!.multiTensor);
/** Around the 256 threads of a block, and large ones between. */
const sizes = [1, 255, 256, 257, 3, 1009, 0, 2, 512, 4099];
const wholeNumbers = ['decayCoupled', 'epsilonOutside', 'nesterov', 'velocityOfGradients'];

type Addon = typeof native;
let shim: Addon;
let device: NativeRuntime;
const cpu = native.createRuntime('scalar', 'deterministic', 1);
beforeAll(async () => {
  shim = createRequire(import.meta.url)(await buildAddon()) as Addon;
  device = shim.createRuntime('scalar', 'deterministic', 1, 'cuda');
}, 900_000);

/** A call: how many values, whether optional tensors are given, its settings, and whose tensors it takes if not its own. */
interface Planned {
  size: number;
  full: boolean;
  rate: number;
  /** The call whose outputs it goes on with. */
  behind?: number;
}

const settingsOf = (kernel: string, rate: number) =>
  Object.fromEntries(
    contracts[kernel]!.settings.map((name) => [
      name,
      wholeNumbers.includes(name) ? 1 : name === 'limit' ? rate : 0.25 * rate,
    ]),
  );

/** Runs the calls in a row; what they wrote, and how many launches that took on a device. */
function results(addon: Addon, runtime: NativeRuntime, kernel: string, calls: readonly Planned[]) {
  const { tensors } = contracts[kernel]!;
  const made: (NativeTensor | null)[][] = [];
  calls.forEach(({ size, full, behind }, number) => {
    made.push(
      tensors.map(({ name, optional, output }, i) => {
        if (optional && !full) return null;
        if (behind !== undefined && output) return made[behind]![i]!;
        const count = name === 'norm' && !output ? 1 : size;
        const storage = addon.allocate(runtime, 4 * count);
        addon.write(storage, uniforms(11 + number, i, count), 0);
        return { storage, dtype: 0, shape: [count] };
      }),
    );
  });
  const launches = () => (runtime === device ? device.counts().launches : 0);
  const before = launches();
  const others: NativeStorage[] = [];
  calls.forEach(({ size, rate }, number) => {
    addon.run(runtime, kernel, made[number]!, settingsOf(kernel, rate));
    // An input is let go at once, and its memory may be asked for again.
    made[number]!.forEach((tensor, i) => {
      if (!tensors[i]!.output) tensor?.storage.dispose();
    });
    others.push(addon.allocate(runtime, 4 * size));
  });
  const written = made.flatMap((call) =>
    call.flatMap((tensor, i) => {
      if (tensor === null || !tensors[i]!.output) return [];
      const values = new Float32Array(tensor.shape[0]!);
      addon.read(tensor.storage, values, 0);
      return [values];
    }),
  );
  const taken = launches() - before;
  for (const storage of others) storage.dispose();
  for (const call of made) for (const tensor of call) tensor?.storage.dispose();
  return { written, taken };
}

/** Expects the CPU's bits and this many launches. */
function expectTogether(kernel: string, calls: readonly Planned[], launches: number): void {
  const want = results(native, cpu, kernel, calls);
  const got = results(shim, device, kernel, calls);
  got.written.forEach((values, i) => {
    expect(firstDifference(values, want.written[i]!), `${kernel}, result ${i}`).toBeUndefined();
  });
  expect(got.taken, kernel).toBe(launches);
  expect(device.memory().blocks, 'blocks of device memory left').toBe(0);
}

const apart = (count: number): Planned[] =>
  Array.from({ length: count }, (_, i) => ({ size: sizes[i % sizes.length]!, full: i % 3 > 0, rate: 0.5 }));

describe.each(kernels)('%s', (kernel) => {
  it('on many tensors is one launch', () => {
    for (const order of ['0', '1', '2024']) {
      process.env['SAMEBITS_SHIM_ORDER'] = order;
      expectTogether(kernel, apart(23), 1);
    }
  });

  it('on more than 64 is two', () => {
    expectTogether(kernel, apart(64), 1);
    expectTogether(kernel, apart(65), 2);
  });

  it('with other settings, or on what a call before it wrote, is another launch', () => {
    const calls = apart(9);
    calls[3] = { ...calls[3]!, rate: 1 };
    expectTogether(kernel, calls, 3);
    const again = apart(9);
    again[5] = { size: sizes[1]!, full: true, rate: 0.5, behind: 1 };
    again[8] = { size: sizes[1]!, full: true, rate: 0.5, behind: 5 };
    expectTogether(kernel, again, 3);
  });
});

it('the steps of every optimizer and the limits of gradients go together', () => {
  const updates = capabilities().kernels.filter(
    (kernel) => kernel.endsWith('.update') || kernel.startsWith('clip_gradient.'),
  );
  expect(kernels).toEqual(updates);
});
