/** The machine a training runs on, in the words receipts and reports print. */
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';

/** A machine. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryMiB: number;
  platform: string;
  arch: string;
  osRelease: string;
}

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
