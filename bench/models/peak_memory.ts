/** The most memory this process has held. */
import { existsSync, readFileSync } from 'node:fs';

/**
 * Peak resident memory in MiB: VmHWM where the system tells it, because the other counter, which stands in elsewhere,
 * starts at the size of the process that started this one.
 */
export function peakMemoryMiB(): number {
  const status = '/proc/self/status';
  const kib = existsSync(status) ? /VmHWM:\s*(\d+) kB/.exec(readFileSync(status, 'utf8'))?.[1] : undefined;
  return Number(kib ?? process.resourceUsage().maxRSS) / 1024;
}
