/**
 * Energy counters of processor packages and their memory, as Linux shows them in powercap (RAPL; AMD's have Intel's names). A counter
 * begins again at 0 when it is full, so it has to be read more often than it can fill: a package of 400 W takes ten minutes.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reason } from '../files/index.js';

/** Where Linux shows them. */
export const powercapFolder = '/sys/class/powercap';

interface Counter {
  path: string;
  /** Microjoules at which it begins again. */
  full: number;
  last: number;
}

/** The counters of a machine, added up. */
export interface PowerCounters {
  /** Reads all of them; joules since they were opened. Throws the system's error where one cannot be read any more. */
  joules(): number;
}

const textOf = (path: string) => readFileSync(path, 'utf8').trim();

function microjoulesIn(path: string): number {
  const text = textOf(path);
  if (!/^\d+$/.test(text)) throw new Error(`no count in ${path}`);
  return Number(text);
}

/**
 * Zones that do not count each other's energy: packages, and memory beside them. Left out are a package's parts (core, uncore),
 * `psys`, which holds packages, and the second face of the same counters (`intel-rapl-mmio`).
 */
function zonesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^intel-rapl:\d+(:\d+)?$/.test(name))
    .sort()
    .map((name) => join(folder, name))
    .filter(
      (zone) => existsSync(join(zone, 'name')) && /^(package-\d+(-die-\d+)?|dram)$/.test(textOf(join(zone, 'name'))),
    );
}

function counterIn(zone: string): Counter {
  const path = join(zone, 'energy_uj');
  return { path, full: microjoulesIn(join(zone, 'max_energy_range_uj')), last: microjoulesIn(path) };
}

class Counters implements PowerCounters {
  #microjoules = 0;

  constructor(private readonly counters: readonly Counter[]) {}

  joules(): number {
    for (const counter of this.counters) {
      const now = microjoulesIn(counter.path);
      this.#microjoules += now >= counter.last ? now - counter.last : counter.full - counter.last + now;
      counter.last = now;
    }
    return this.#microjoules / 1e6;
  }
}

/** The counters of this machine, or why there is nothing to read: no such folder, no zone in it, no permission. */
export function openPowercap(folder = powercapFolder): PowerCounters | { missing: string } {
  if (!existsSync(folder)) return { missing: `no energy counters: there is no ${folder}` };
  try {
    const zones = zonesIn(folder);
    if (zones.length === 0) return { missing: `no energy counters: no package in ${folder}` };
    return new Counters(zones.map(counterIn));
  } catch (error) {
    return { missing: `energy counters cannot be read: ${reason(error)}` };
  }
}
