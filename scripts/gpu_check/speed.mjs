// What is measured once the results are known to be right: steps and epochs of both networks in both modes, the large
// kernels of a step against the device's peaks, and PyTorch's steps of the same networks.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root, values } from './child.mjs';
import { notRun } from './runner.mjs';

const peer = path.join(root, 'bench/models/peers/torch_networks_cuda.py');
/** The paper's two networks. */
export const networks = ['keras_convnet', 'mini_xception'];
const modes = ['deterministic', 'atomic'];
const kTurns = 40;

/** The middle of a list of numbers. */
export function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The first python that imports torch; { missing: why } when none does. */
function findTorch(asked) {
  const reasons = [];
  for (const python of asked === undefined ? ['python3', '/usr/bin/python3'] : [asked]) {
    const { status, stderr, error } = spawnSync(python, ['-c', 'import torch'], { encoding: 'utf8' });
    if (status === 0) return { python };
    reasons.push(`${python}: ${error?.message ?? stderr.trim().split('\n').at(-1)}`);
  }
  return { missing: reasons.join('; ') };
}

const best = (list) => Math.max(0, ...(list ?? []));

export function speedSteps({ options, found, ours }) {
  const speed = (model) => ({
    name: `speed-${model}`,
    title: `${model}: steps, epochs and kernels in both modes`,
    seconds: 60,
    run: async (signal) => {
      const peaks = {
        'peak-flops': 1e9 * best(found.peaks?.fmaGflops),
        'peak-bytes': 1e9 * best(found.peaks?.copyGBps),
      };
      const [figures] = await ours('speed', { model, steps: kTurns, ...peaks }, { signal });
      for (const mode of modes) {
        const [epoch] = await ours('epoch', { model, mode, runs: 2 }, { signal });
        figures.steps[mode].medianSeconds = median(figures.steps[mode].seconds);
        figures.steps[mode].epoch = epoch;
      }
      figures.deterministicByAtomic = figures.steps.deterministic.medianSeconds / figures.steps.atomic.medianSeconds;
      found.steps = { ...found.steps, [model]: figures.steps.deterministic.medianSeconds };
      return { passed: true, figures };
    },
  });
  const torch = (model) => ({
    name: `torch-${model}`,
    title: `${model} in PyTorch, deterministic off and on`,
    seconds: 60,
    run: async (signal) => {
      const { python, missing } = findTorch(options.python);
      if (missing !== undefined) return notRun(`no torch: ${missing}`);
      const rows = [];
      for (const flags of [[], ['--deterministic']]) {
        const [row] = await values(python, [peer, '--model', model, '--steps', String(kTurns), ...flags], { signal });
        if (row.missing !== undefined) return notRun(row.missing);
        rows.push({ ...row, medianSeconds: median(row.layouts[0].seconds) });
      }
      const ownByTorch = found.steps?.[model] === undefined ? null : found.steps[model] / rows[1].medianSeconds;
      return { passed: true, figures: { rows, deterministicByTorchDeterministic: ownByTorch } };
    },
  });
  const probe = {
    name: 'probe',
    title: 'measuring the peaks of the device',
    seconds: 30,
    run: async (signal) => {
      [found.peaks] = await values(found.programs.probe, ['5', '1024'], { signal });
      return { passed: true, figures: found.peaks };
    },
  };
  return [probe, ...networks.flatMap((model) => [speed(model), torch(model)])];
}
