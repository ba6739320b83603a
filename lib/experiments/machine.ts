/** The machine an experiment runs on, in the words reports print. */
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import type { Machine } from './result.js';

/** A description of this machine. */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryMiB: Math.round(totalmem() / 1048576),
    platform: platform(),
    arch: arch(),
    osRelease: release(),
  };
}
