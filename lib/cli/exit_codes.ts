/** The exit codes of all commands. They are stable: scripts ask for them. docs/cli.md has them as a table. */
export const exitCodes = {
  /** What was asked for is done; two results are equal. */
  done: 0,
  /** The work failed: a training, a file, the addon. */
  failed: 1,
  /** `verify` and `diff`: there is a difference. */
  differs: 1,
  /** What was asked for cannot be: an unknown option, a value out of its range, a device or package that is not there. */
  badUse: 2,
  /** `diff`: no difference so far, but one of the two ends first. */
  endsFirst: 3,
  /** Stopped by hand. */
  stopped: 130,
} as const;
