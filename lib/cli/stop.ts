/** Stopping a command: the first interrupt asks the work to end in order, and it is told once. */

/** A signal that is aborted by an interrupt, and by the end of the process that started this one as its trial. */
export function interruptSignal(reason: () => Error): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const stop = () => controller.abort(reason());
  const events = ['SIGINT', 'SIGTERM'] as const;
  for (const event of events) process.on(event, stop);
  if (process.connected) process.on('disconnect', stop);
  return {
    signal: controller.signal,
    release: () => {
      for (const event of events) process.off(event, stop);
      process.off('disconnect', stop);
    },
  };
}
