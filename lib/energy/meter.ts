/**
 * What one process takes for a training: wall time and processor seconds always, joules where counters can be read. Counters tell of
 * the whole machine; a training's share is that of its processor seconds among those of all processes, so that trainings side by
 * side are not counted twice. A device's power is that of the whole device.
 */
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { reason } from '../files/index.js';
import { DevicePower } from './nvidia_smi.js';
import { openPowercap, type PowerCounters } from './powercap.js';

/** Joules that were measured, or why they were not. */
export type Reading = { joules: number } | { missing: string };

/** What one process took. */
export interface Usage {
  /** ISO 8601 time at which it began. */
  since: string;
  wallSeconds: number;
  processorSeconds: number;
  /** The processor's name. */
  processor: string;
  /** Processor packages and their memory, this training's share. */
  energy: Reading;
  /** The device, where the training ran on one. */
  device?: Reading;
}

/** Where a meter reads; tests have their own. */
export interface MeterSources {
  /** Seconds of a clock that never goes back. */
  clock: () => number;
  /** Processor seconds of this process. */
  own: () => number;
  /** Processor seconds in which the machine was busy. */
  busy: () => number;
  counters: PowerCounters | { missing: string };
  /** Power of the device that the training runs on, where it does. */
  device?: Pick<DevicePower, 'watts' | 'stop'>;
}

function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const busySeconds = () =>
  cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0) / 1000;

/** How often counters are read at the most, in seconds: often enough for the smallest. */
const readEvery = 20;

/** Measures from when it is made. */
export class Meter {
  readonly #since = new Date().toISOString();
  readonly #from: MeterSources;
  readonly #began: { clock: number; own: number; busy: number };
  #read: number;
  #joules: Reading;

  constructor(device: string, sources: Partial<MeterSources> = {}) {
    this.#from = {
      clock: () => performance.now() / 1000,
      own: ownSeconds,
      busy: busySeconds,
      counters: sources.counters ?? openPowercap(),
      ...(device === 'cuda' && { device: sources.device ?? new DevicePower() }),
      ...sources,
    };
    const { clock, own, busy, counters } = this.#from;
    this.#began = { clock: clock(), own: own(), busy: busy() };
    this.#read = this.#began.clock;
    this.#joules = 'missing' in counters ? counters : { joules: 0 };
  }

  /** Reads the counters where it is time; called after each step. */
  sample(): void {
    if (this.#from.clock() - this.#read >= readEvery) this.#readCounters();
  }

  #readCounters(): void {
    const { clock, counters } = this.#from;
    this.#read = clock();
    if ('missing' in this.#joules || 'missing' in counters) return;
    try {
      this.#joules = { joules: counters.joules() };
    } catch (error) {
      this.#joules = { missing: `energy counters cannot be read any more: ${reason(error)}` };
    }
  }

  /** What was taken until now. */
  usage(): Usage {
    this.#readCounters();
    const { clock, own, busy, device } = this.#from;
    const wallSeconds = clock() - this.#began.clock;
    const processorSeconds = own() - this.#began.own;
    // The machine's own count has coarse ticks: it may be behind.
    const all = Math.max(processorSeconds, busy() - this.#began.busy);
    const share = all > 0 ? processorSeconds / all : 1;
    const power = device?.watts();
    return {
      since: this.#since,
      wallSeconds,
      processorSeconds,
      processor: cpus()[0]?.model.trim() || 'unknown',
      energy: 'missing' in this.#joules ? this.#joules : { joules: this.#joules.joules * share },
      ...(power && { device: 'watts' in power ? { joules: power.watts * wallSeconds } : power }),
    };
  }

  stop(): void {
    this.#from.device?.stop();
  }
}
