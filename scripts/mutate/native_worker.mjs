// Tries mutants in one copy of the tree: what passes on the tree as it is must fail with the mutant in it.
import path from 'node:path';
import { apply, readSource } from './native_list.mjs';
import { testsOf } from './native_tests.mjs';
import { start } from './native_tree.mjs';

const kBusy = 20; // how much longer than without a mutant something may take before it counts as endless

/** CUDA sources, which the shim runs. */
const onShim = (file) => /\.(cu|cuh)$/.test(file) || file.startsWith('native/simt/');
const kindOf = ({ file, wide }) => (onShim(file) ? 'shim' : wide ? 'wide' : 'plain');

/** The first test that failed, or the first words. */
const told = (output) =>
  (/^\s*(?:×|✗|FAIL)\s+(.*)$/m.exec(output)?.[1] ?? output.trim().split('\n')[0] ?? '').trim().slice(0, 160);

export class Worker {
  #tree;
  #cases;
  #replaysOnly;
  #alone = new Map(); // seconds a step takes without a mutant, by name

  /** `replaysOnly`: mutants meet the conformance program alone; what it does not see is `left` for the tests of the room. */
  constructor(tree, cases, replaysOnly) {
    this.#tree = tree;
    this.#cases = cases;
    this.#replaysOnly = replaysOnly;
  }

  /** What a mutant goes through, in order: { name, work(seconds), build }. */
  #steps(mutant) {
    const kind = kindOf(mutant);
    const { room } = mutant;
    const tree = this.#tree;
    const device = kind === 'shim' ? ['--device', 'cuda', '--runs', '1'] : ['--rows', '--threads', '1,3'];
    const replay = (name, file) => ({
      name: `${kind}, ${name}`,
      work: (seconds) => start(tree.conformance(kind), ['cases', file, ...device], { cwd: tree.folder, seconds }),
    });
    const build = (target) => ({
      name: `${kind}, build ${target}`,
      work: (seconds) => tree.build(target, kind, seconds),
      build: true,
    });
    const replays = [
      build('conformance'),
      replay('small cases', this.#cases.small),
      replay('all cases', this.#cases.all),
    ];
    // The conformance program has nothing of binding/.
    const seenByReplays = mutant.file.startsWith('native/binding/') ? [] : replays;
    if (this.#replaysOnly) return seenByReplays;
    const tests = { name: `${kind}, tests of ${room}`, work: (seconds) => tree.vitest(testsOf[room], kind, seconds) };
    return [...seenByReplays, ...(kind === 'shim' ? [] : [build('samebits')]), tests];
  }

  /** Goes through the steps up to and with this one on the tree as it is, unless that was done before. */
  async #prove(steps, last) {
    if (this.#alone.has(last.name)) return;
    for (const step of steps.slice(0, steps.indexOf(last) + 1)) {
      if (!step.build && this.#alone.has(step.name)) continue;
      const begin = Date.now();
      const { status, output } = await step.work(3600);
      if (status !== 0)
        throw new Error(`mutate native: expected '${step.name}' to pass without a mutant, got ${output.slice(-3000)}`);
      if (!this.#alone.has(step.name)) this.#alone.set(step.name, (Date.now() - begin) / 1000);
    }
  }

  /** Tries one mutant: { outcome, by }. */
  async try(mutant) {
    const source = readSource(mutant.file);
    const mutated = apply(source, mutant);
    const steps = this.#steps(mutant);
    try {
      for (const [i, step] of steps.entries()) {
        if (!this.#alone.has(step.name)) {
          this.#tree.write(mutant.file, source);
          await this.#prove(steps, step);
          this.#tree.write(mutant.file, mutated);
          for (const before of steps.slice(0, i)) if (before.build) await before.work(3600);
        } else if (i === 0) {
          this.#tree.write(mutant.file, mutated);
        }
        // How long a compiler takes says nothing of a fault.
        const seconds = step.build ? 3600 : 60 + kBusy * this.#alone.get(step.name);
        const { status, timedOut, output } = await step.work(seconds);
        if (timedOut) return { outcome: 'timed out', by: step.name };
        if (status !== 0)
          return step.build
            ? { outcome: 'not compiled', by: told(output.slice(output.search(/error/))) }
            : { outcome: 'killed', by: `${step.name}: ${told(output.replaceAll(path.sep, '/'))}` };
      }
      return { outcome: this.#replaysOnly ? 'left' : 'survived', by: '' };
    } finally {
      this.#tree.write(mutant.file, source);
    }
  }
}
