/** The machine a bench ran on: what it is, how busy it was, and the most it could do while the bench ran. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { NativeError } from '../lib/errors/index.js';
import { capabilities, type Isa } from '../lib/runtime/index.js';
import { quantile } from '../lib/stats/index.js';
import { findTorch, type Torch } from './models/torch.js';

export interface Machine {
  cpu: string;
  cores: number;
  cacheMiB: number;
  memoryMiB: number;
  system: string;
  isas: readonly string[];
  node: string;
  compiler: string;
  contract: number;
  torch: Torch;
  /** One-minute load average before the bench: near 0 on a quiet machine. */
  loadBefore: number;
}

/** What this machine is. */
export function describeMachine(): Machine {
  const { isas, compiler, contract } = capabilities();
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    cacheMiB: lastCacheMiB(),
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    system: `${platform()} ${release()} ${arch()}`,
    isas: isas.filter(({ available }) => available).map(({ name }) => name),
    node: process.version,
    compiler,
    contract,
    torch: findTorch(),
    loadBefore: loadavg()[0]!,
  };
}

/** Size of the largest cache of the first core in MiB; 0 where the system does not say. */
function lastCacheMiB(): number {
  const folder = '/sys/devices/system/cpu/cpu0/cache';
  try {
    const sizes = readdirSync(folder)
      .filter((name) => name.startsWith('index'))
      .map((name) => Number.parseInt(readFileSync(`${folder}/${name}/size`, 'utf8'), 10) / 1024);
    return Math.max(0, ...sizes);
  } catch {
    return 0;
  }
}

/** Rates by thread count; every repeat is kept. */
type Rates = Record<string, number[]>;

/** As native/probe prints it: GFLOP/s by instruction set and threads, GB/s by threads and kind of access. */
export interface Probed {
  fmaGflops: Record<string, Rates>;
  memoryMiB: number;
  memoryGBps: Record<string, Record<'read' | 'write' | 'copy' | 'triad', number[]>>;
}

/** Measures the peaks. Arrays are eight times the largest cache, at least 256 MiB. Throws NativeError on failure. */
export function measurePeaks(threads: readonly number[], cacheMiB: number, repeats: number): Probed {
  const program = process.env['SAMEBITS_PROBE'];
  if (program === undefined) {
    throw new NativeError({ who: 'bench', expected: 'SAMEBITS_PROBE to name the probe', got: 'nothing' });
  }
  const mib = Math.max(256, 8 * Math.ceil(cacheMiB));
  const words = [threads.join(','), String(mib), String(repeats)];
  return JSON.parse(execFileSync(program, words, { encoding: 'utf8' })) as Probed;
}

/** The roofs a kernel is held against, in flops and bytes a second. */
export interface Roofs {
  flops: number;
  /** Of kernels that read and write. */
  bytes: number;
  /** Of kernels that only read, but for a small result: memory answers them at another rate. */
  readBytes: number;
}

/**
 * The roofs for an instruction set and thread count: the best repeat of the multiply-add chains, the better of copy and
 * triad, which read and write as kernels do, and reading alone, by their medians.
 */
export function roofs(probed: Probed, isa: Isa, threads: number): Roofs {
  const memory = probed.memoryGBps[threads]!;
  return {
    flops: 1e9 * Math.max(...probed.fmaGflops[isa]![threads]!),
    bytes: 1e9 * Math.max(quantile(memory.copy, 0.5), quantile(memory.triad, 0.5)),
    readBytes: 1e9 * quantile(memory.read, 0.5),
  };
}
