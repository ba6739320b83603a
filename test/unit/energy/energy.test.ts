// What trainings take: counters that begin again, shares of a machine, power of a device, and the arithmetic of Table 6.1 of Eryilmaz
// (2023). Controls: parts of a package are not counted twice, an unknown energy is never 0.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  carbonOf,
  DevicePower,
  energyOptions,
  kWhOf,
  Meter,
  type MeterSources,
  meanWatts,
  openPowercap,
  parsePowerLine,
  priceOfUsages,
  type Usage,
  wattsOf,
  wattsTable,
} from '../../../lib/energy/index.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-energy-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A powercap folder of zones: name, microjoules, and where they begin again. */
function powercap(name: string, zones: Record<string, readonly [zone: string, now: number, full: number]>) {
  const place = join(folder, name);
  mkdirSync(place);
  const put = (zone: string, file: string, value: string | number) => {
    mkdirSync(join(place, zone), { recursive: true });
    writeFileSync(join(place, zone, file), `${value}\n`);
  };
  for (const [zone, [title, now, full]] of Object.entries(zones)) {
    put(zone, 'name', title);
    put(zone, 'energy_uj', now);
    put(zone, 'max_energy_range_uj', full);
  }
  return { place, set: (zone: string, now: number) => put(zone, 'energy_uj', now) };
}

describe('energy counters', () => {
  it('are those of packages and memory, and begin again when they are full', () => {
    const { place, set } = powercap('two', {
      'intel-rapl:0': ['package-0', 1_000_000, 10_000_000],
      'intel-rapl:0:0': ['core', 0, 10_000_000],
      'intel-rapl:0:1': ['dram', 500_000, 10_000_000],
      'intel-rapl:1': ['package-1', 9_000_000, 10_000_000],
      'intel-rapl:2': ['psys', 0, 10_000_000],
      'intel-rapl-mmio:0': ['package-0', 0, 10_000_000],
    });
    const counters = openPowercap(place);
    if ('missing' in counters) throw new Error(counters.missing);
    expect(counters.joules()).toBe(0);
    set('intel-rapl:0', 3_000_000);
    set('intel-rapl:0:1', 600_000);
    // Parts and doubles, which say nothing new.
    for (const zone of ['intel-rapl:0:0', 'intel-rapl:2', 'intel-rapl-mmio:0']) set(zone, 9_000_000);
    expect(counters.joules()).toBeCloseTo(2.1, 12);
    set('intel-rapl:1', 500_000);
    expect(counters.joules()).toBeCloseTo(3.6, 12);
  });

  it('say why they are not read: no folder, no package, a file that is not there or is no number', () => {
    const none = join(folder, 'none');
    expect(openPowercap(none)).toEqual({ missing: `no energy counters: there is no ${none}` });
    const { place: bare } = powercap('bare', { 'intel-rapl:0': ['psys', 0, 1] });
    expect(openPowercap(bare)).toEqual({ missing: `no energy counters: no package in ${bare}` });
    const { place, set } = powercap('closed', { 'intel-rapl:0': ['package-0', 0, 1] });
    rmSync(join(place, 'intel-rapl:0/energy_uj'));
    expect(openPowercap(place)).toEqual({
      missing: 'energy counters cannot be read: ENOENT: no such file or directory',
    });
    set('intel-rapl:0', Number.NaN);
    const path = join(place, 'intel-rapl:0/energy_uj');
    expect(openPowercap(place)).toEqual({ missing: `energy counters cannot be read: no count in ${path}` });
  });
});

/** A meter whose sources are numbers that the test sets. */
function metered(device: string, more: Partial<MeterSources> = {}) {
  const now = { clock: 100, own: 5, busy: 1000, joules: 0 };
  const sources = { clock: () => now.clock, own: () => now.own, busy: () => now.busy };
  const meter = new Meter(device, { ...sources, counters: { joules: () => now.joules }, ...more });
  return { now, meter };
}

describe('a meter', () => {
  it('tells time, processor seconds, and its share of what the machine took', () => {
    const { now, meter } = metered('cpu');
    Object.assign(now, { clock: 160, own: 25, busy: 1080, joules: 400 });
    expect(meter.usage()).toMatchObject({ wallSeconds: 60, processorSeconds: 20, energy: { joules: 100 } });
    expect(meter.usage()).not.toHaveProperty('device');
  });

  it('takes all where the machine counted less than the training itself', () => {
    const { now, meter } = metered('cpu');
    Object.assign(now, { own: 6, busy: 1000, joules: 3 });
    expect(meter.usage().energy).toEqual({ joules: 3 });
  });

  it('says why there are no joules, from the beginning or from later on', () => {
    expect(metered('cpu', { counters: { missing: 'no folder' } }).meter.usage().energy).toEqual({
      missing: 'no folder',
    });
    const joules = () => {
      throw new Error('EACCES: permission denied, read');
    };
    expect(metered('cpu', { counters: { joules } }).meter.usage().energy).toEqual({
      missing: 'energy counters cannot be read any more: EACCES: permission denied',
    });
  });

  it('reads counters between whiles, so that none fills unseen', () => {
    let reads = 0;
    const joules = () => {
      reads += 1;
      return 0;
    };
    const { now, meter } = metered('cpu', { counters: { joules } });
    for (let second = 1; second <= 60; second += 1) {
      now.clock = 100 + second;
      meter.sample();
    }
    expect(reads).toBe(3);
  });

  it('tells the energy of a device, or why not', () => {
    const device = (told: { watts: number } | { missing: string }) => ({ watts: () => told, stop: () => {} });
    const { now, meter } = metered('cuda', { device: device({ watts: 200 }) });
    now.clock = 110;
    expect(meter.usage().device).toEqual({ joules: 2000 });
    expect(metered('cuda', { device: device({ missing: 'none' }) }).meter.usage().device).toEqual({ missing: 'none' });
  });
});

describe('the power of a device', () => {
  it('is the mean over time, not over samples', () => {
    const line = (time: string, watts: number) => parsePowerLine(`2026/11/30 17:45:${time}, ${watts}`)!;
    expect(line('06.500', 71.25)).toEqual({ seconds: Date.parse('2026-11-30T17:45:06.500Z') / 1000, watts: 71.25 });
    expect(meanWatts([line('00.000', 100), line('01.000', 100), line('09.000', 200)])).toBeCloseTo((100 + 1200) / 9, 9);
    expect(meanWatts([line('00.000', 100)])).toBe(100);
    expect(meanWatts([])).toBeUndefined();
    for (const odd of ['2026/11/30 17:45:06.123, [N/A]', 'No devices were found', '']) {
      expect(parsePowerLine(odd)).toBeUndefined();
    }
  });

  it('of a program that is not there is none, and stopping it ends no other process', () => {
    const hooks = new URL('../../support/typescript_hooks.mjs', import.meta.url).href;
    const room = new URL('../../../lib/energy/nvidia_smi.ts', import.meta.url).href;
    const script = `
      const { DevicePower } = await import(${JSON.stringify(room)});
      const stopped = Array.from({ length: 20 }, () => new DevicePower('/nowhere/nvidia-smi'));
      for (const power of stopped) power.stop();
      await new Promise((done) => setTimeout(done, 50));
      console.log(JSON.stringify(stopped[0].watts()));`;
    // In a group of its own, which is what would be ended.
    const options = { detached: true, encoding: 'utf8' } as const;
    const args = ['--import', hooks, '--input-type=module', '-e', script];
    const { stdout, signal } = spawnSync(process.execPath, args, options);
    expect([signal, JSON.parse(stdout || 'null')]).toEqual([
      null,
      { missing: '/nowhere/nvidia-smi does not start (spawn /nowhere/nvidia-smi ENOENT)' },
    ]);
  });

  it('is asked of nvidia-smi, which may be missing or tell nothing', async () => {
    const told = async (program: string) => {
      const power = new DevicePower(program);
      while ('missing' in power.watts() && /told nothing yet/.test((power.watts() as { missing: string }).missing))
        await new Promise((resolve) => setImmediate(resolve));
      power.stop();
      return power.watts();
    };
    const script = (name: string, text: string) => {
      const path = join(folder, name);
      writeFileSync(path, `#!/bin/sh\necho "${text}"\nexec sleep 5\n`);
      chmodSync(path, 0o755);
      return path;
    };
    expect(await told(script('smi', '2026/11/30 17:45:06.123, 71.23'))).toEqual({ watts: 71.23 });
    expect(await told(script('odd', '2026/11/30 17:45:06.123, [N/A]'))).toEqual({
      missing: 'nvidia-smi tells no power (2026/11/30 17:45:06.123, [N/A])',
    });
    const none = join(folder, 'no-such-program');
    expect(await told(none)).toEqual({ missing: `${none} does not start (spawn ${none} ENOENT)` });
  });
});

const usage = (more: Partial<Usage> = {}): Usage => ({
  ...{ since: '2026-11-30T17:45:06.123Z', wallSeconds: 3600, processorSeconds: 7200, processor: 'who knows' },
  energy: { missing: 'no counters' },
  ...more,
});

describe('Table 6.1 of Eryilmaz (2023)', () => {
  it('has 29.91 kg for 77.69 kWh at 0.385 kg a kWh, and 89.76 kg, not its 89.86, for 233.141 kWh', () => {
    expect(carbonOf(77.69, 0.385).toFixed(2)).toBe('29.91');
    expect(carbonOf(233.141, 0.385).toFixed(2)).toBe('89.76');
    expect((23.42 + 33.02 + 21.25).toFixed(2)).toBe('77.69');
  });

  it('is made from joules the same way', () => {
    const trainings = [23.42, 33.02, 21.25].map((kWh) => [usage({ energy: { joules: kWh * 3.6e6 } })]);
    const { kWh, carbonKg, basis } = priceOfUsages(trainings, { carbonIntensity: 0.385 });
    expect([kWh!.low.toFixed(2), kWh!.high.toFixed(2)]).toEqual(['77.69', '77.69']);
    expect(carbonKg!.high.toFixed(2)).toBe('29.91');
    expect(basis).toEqual(['measured']);
  });
});

describe('the price of trainings', () => {
  it('is a range of the table where nothing was measured, and of what is declared before that', () => {
    const { low, high } = wattsOf('who knows');
    const told = priceOfUsages([[usage()]]);
    expect(told).toMatchObject({
      kWh: { low: expect.closeTo(2 * low * 1e-3, 12), high: expect.closeTo(2 * high * 1e-3, 12) },
      basis: ['modelled'],
      carbonKg: null,
    });
    const declared = priceOfUsages([[usage()]], { watts: [10, 20], pue: 1.5, carbonIntensity: 0.4 });
    expect(declared.kWh!.low).toBeCloseTo(0.03, 12);
    expect(declared.kWh!.high).toBeCloseTo(0.06, 12);
    expect(declared.carbonKg!.high).toBeCloseTo(0.024, 12);
    expect(declared.basis).toEqual(['declared']);
    const measured = priceOfUsages([[usage({ energy: { joules: 3.6e6 } })]], { watts: 5 });
    expect(measured).toMatchObject({
      kWh: { low: expect.closeTo(1, 12), high: expect.closeTo(1, 12) },
      basis: ['measured'],
    });
  });

  it('names what nothing is known of, and counts none of it as 0', () => {
    expect(priceOfUsages([[], []])).toMatchObject({
      ...{ trainings: 2, kWh: null, carbonKg: null, basis: [] },
      without: ['2 of 2 trainings, which tell nothing'],
    });
    const dark = usage({ device: { missing: 'nvidia-smi does not start' } });
    expect(priceOfUsages([[dark], []]).without).toEqual([
      '1 of 2 trainings, which tell nothing',
      'the device of 1: nvidia-smi does not start',
    ]);
  });

  it('adds the processes of a training, and the device to its processor', () => {
    const parts = [
      usage({ energy: { joules: 1.8e6 } }),
      usage({ energy: { joules: 1.8e6 }, device: { joules: 3.6e6 } }),
    ];
    const { kWh, wallSeconds, processorSeconds, trainings } = priceOfUsages([parts]);
    expect([kWh, wallSeconds, processorSeconds, trainings]).toEqual([
      { low: expect.closeTo(2, 12), high: expect.closeTo(2, 12) },
      7200,
      14400,
      1,
    ]);
    expect(kWhOf(3.6e6)).toBe(1);
  });

  it.each([
    [{ watts: -1 }, 'study report: expected watts to be a number >= 0, got -1'],
    [
      { watts: [20, 10] as const },
      'study report: expected watts to be one number, or a low and a high one, got [20, 10]',
    ],
    [{ pue: 0.9 }, 'study report: expected pue to be a number >= 1, got 0.9'],
    [{ carbonIntensity: Number.NaN }, 'study report: expected carbonIntensity to be a number >= 0, got NaN'],
  ])('refuses %j', (options, message) => {
    expect(() => energyOptions('study report', options)).toThrow(message);
  });
});

describe('the table of watts', () => {
  it('knows processors by their names, and has a range for every one', () => {
    const names = {
      'Intel(R) Xeon(R) Gold 6148 CPU @ 2.40GHz': 'server',
      'AMD EPYC 7763 64-Core Processor': 'server',
      '11th Gen Intel(R) Core(TM) i7-1165G7 @ 2.80GHz': 'mobile',
      'Apple M2 Pro': 'mobile',
      'AMD Ryzen 9 7950X 16-Core Processor': 'desktop',
      'Intel(R) Core(TM) i9-9900K CPU @ 3.60GHz': 'desktop',
      'ARMv8 Processor rev 0': 'unknown',
    };
    for (const [name, kind] of Object.entries(names)) expect([name, wattsOf(name).kind]).toEqual([name, kind]);
    for (const { low, high } of wattsTable) expect(0 < low && low < high).toBe(true);
    const known = wattsTable.slice(0, -1);
    expect(wattsOf('').low).toBe(Math.min(...known.map(({ low }) => low)));
    expect(wattsOf('').high).toBe(Math.max(...known.map(({ high }) => high)));
  });
});
