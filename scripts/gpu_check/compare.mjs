// Compares two trainings that print a line per step, while they run.

/** Takes lines of both sides as they come and says, once both have a step, whether it is the same. */
export class StepComparison {
  #sides = { device: [], cpu: [] };
  /** The first step that differs, and how; undefined while all are the same. */
  difference;

  /** Takes a line of `side`: a step { step, hash, loss, weights }. */
  take(side, line) {
    if (line.hash === undefined) return;
    const rows = this.#sides[side];
    rows.push(line);
    const at = rows.length - 1;
    const [device, cpu] = [this.#sides.device[at], this.#sides.cpu[at]];
    if (device === undefined || cpu === undefined || this.difference !== undefined) return;
    if (device.step === cpu.step && device.hash === cpu.hash && Object.is(device.loss, cpu.loss)) return;
    const names = Object.keys({ ...cpu.weights, ...device.weights });
    this.difference = {
      step: at + 1,
      weights: names.filter((name) => cpu.weights?.[name] !== device.weights?.[name]),
      cpu: { hash: cpu.hash, loss: cpu.loss },
      device: { hash: device.hash, loss: device.loss },
    };
  }

  /** Steps of both sides so far. */
  get steps() {
    return Math.min(this.#sides.device.length, this.#sides.cpu.length);
  }

  /** How many steps an epoch has, as the sides say. */
  get wanted() {
    return this.#sides.cpu[0]?.steps ?? this.#sides.device[0]?.steps;
  }

  /** What is kept: the hash of every step, and whether the first `count` and all of them are the same. */
  figures(count) {
    const { difference, steps, wanted } = this;
    const same = difference === undefined ? steps : difference.step - 1;
    return {
      stepsOfEpoch: wanted ?? null,
      stepsCompared: steps,
      stepsTheSame: same,
      firstSteps: { count, same: steps >= count && same >= count },
      epoch: { same: wanted !== undefined && steps === wanted && same === wanted },
      ...(difference && { difference }),
      hashes: this.#sides.cpu.map(({ hash }) => hash),
      losses: this.#sides.cpu.map(({ loss }) => loss),
    };
  }
}

/** The verdict on figures, in words; undefined when all `wanted` steps are the same: those of the epoch where none are named. */
export function fault({ difference, firstSteps, epoch, stepsCompared, stepsOfEpoch }, wanted) {
  if (difference !== undefined) {
    const { step, weights, cpu, device } = difference;
    return `step ${step}: expected ${cpu.hash}, got ${device.hash}; weights that differ: ${weights.join(', ') || 'none, but the loss'}`;
  }
  if (!firstSteps.same || (wanted === undefined && !epoch.same))
    return `expected ${wanted ?? stepsOfEpoch ?? 'the'} steps to compare, got ${stepsCompared}`;
  return undefined;
}

/** What of the functions' digests is not as recorded, in words; undefined when nothing. */
export function digestFault(recorded, found) {
  const faults = Object.entries(recorded).flatMap(([name, digest]) => {
    const got = found.find((row) => row.function === name)?.digest ?? 'none';
    return got === digest ? [] : [`${name}: expected ${digest}, got ${got}`];
  });
  return faults.length === 0 ? undefined : faults.join('; ');
}
