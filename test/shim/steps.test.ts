// What a training step of the built-in networks asks of a device, counted on the shim: one wait, and so many launches.

import { beforeAll, describe, expect, it } from 'vitest';
import { runChild } from '../support/child.js';
import { buildAddon } from './build.js';

/** The launches of a step, at most. Fewer are better: lower the number. */
const launches = { keras_convnet: 64, mini_xception: 247 };
const child = new URL('./steps_child.ts', import.meta.url);

interface Trained {
  steps: { loss: number; launches: number; waits: number }[];
  judged: Record<string, number>;
  judging: number;
  reading: number;
  hash: string;
}
const trained = async (device: string, name: string, env: Record<string, string> = {}) =>
  JSON.parse(await runChild(child, [device, name], env)) as Trained;

let addon: string;
beforeAll(async () => {
  addon = await buildAddon();
}, 900_000);

describe.each(Object.entries(launches))('a step of %s', (name, most) => {
  it('waits for the device once, to the same bits as on the CPU', async () => {
    const device = await trained('cuda', name, { SAMEBITS_ADDON: addon });
    const cpu = await trained('cpu', name);
    expect(device.steps.map(({ waits }) => waits)).toEqual([1, 1, 1]);
    expect(device.judging, 'waits of three batches that are judged').toBe(3);
    expect(device.reading, 'control: waits of two readings').toBe(2);
    for (const { launches } of device.steps) expect(launches).toBeLessThanOrEqual(most);
    expect(device.steps.map(({ loss }) => loss)).toEqual(cpu.steps.map(({ loss }) => loss));
    expect([device.judged, device.hash]).toEqual([cpu.judged, cpu.hash]);
    expect(cpu.steps.map(({ launches, waits }) => [launches, waits])).toEqual(Array(3).fill([0, 0]));
  }, 300_000);
});
