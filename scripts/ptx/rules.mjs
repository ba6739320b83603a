// What PTX must not have (docs/contract.md): anything that rounds otherwise than IEEE, fuses what the source does not fuse, or adds in
// the order of arrival where the mode is deterministic. And what may not grow: registers, spills, divisions in loops, by kernel.
import { divisionsInLoops, floatsOf } from './read.mjs';

/** Kernels of atomic mode say so in their names: by the mode that they are templates of, or by the function they belong to. */
const ofAtomicMode = /4ModeE1E|atomic|Scatter/;
/** Operations that round, and so have to say how. */
const rounds = /^(?:add|sub|mul|fma|mad|div|sqrt|rcp)\./;

const perKernel = [
  ['flushes subnormals', (opcode) => /\.ftz\b/.test(opcode)],
  ['is approximate', (opcode) => /\.approx\b|^(?:ex2|lg2|sin|cos|tanh|rsqrt)\./.test(opcode)],
  ['divides loosely', (opcode) => /^div\.full\b/.test(opcode)],
  [
    'does not round to nearest',
    (opcode) => rounds.test(opcode) && /\.f(?:32|64)\b/.test(opcode) && !/\.rn\b/.test(opcode),
  ],
];

/** Faults of a unit, in words. */
export function faultsOf(file, unit) {
  const faults = perKernel.flatMap(([what, breaks]) =>
    [...new Set(unit.opcodes.filter(breaks))].map((opcode) => `${file}: ${unit.name}: ${opcode} ${what}`),
  );
  const arrives = unit.opcodes.find((opcode) => /^(?:atom|red)\./.test(opcode));
  if (arrives !== undefined && !ofAtomicMode.test(unit.name))
    faults.push(`${file}: ${unit.name}: ${arrives} in a kernel of deterministic mode`);
  return faults;
}

/** Where the floating-point operations of two architectures differ, in words. */
export function differences(file, [one, units], [other, others]) {
  const names = new Set([...units, ...others].map(({ name }) => name));
  return [...names].flatMap((name) => {
    const [a, b] = [units, others].map((all) => all.find((unit) => unit.name === name));
    if (a === undefined || b === undefined) return [`${file}: ${name}: is in sm_${a ? one : other} only`];
    const [left, right] = [floatsOf(a), floatsOf(b)];
    const at = left.findIndex((opcode, i) => opcode !== right[i]);
    if (at < 0 && left.length === right.length) return [];
    const place = at < 0 ? Math.min(left.length, right.length) : at;
    const words = [left[place] ?? 'none', right[place] ?? 'none'];
    return [`${file}: ${name}: operation ${place} is ${words[0]} in sm_${one}, ${words[1]} in sm_${other}`];
  });
}

/** The numbers of a kernel that are kept. */
export const numbersOf = (unit, report) => ({
  registers: report[unit.name]?.registers ?? 0,
  spills: report[unit.name]?.spills ?? 0,
  divisionsInLoops: divisionsInLoops(unit),
  fma: unit.opcodes.filter((opcode) => /^fma\.rn\.f(?:32|64)/.test(opcode)).length,
});

const measures = ['registers', 'spills', 'divisionsInLoops'];

/**
 * What is more than kept, and fused operations that are others, in words. A kernel that the budget does not have needs no line in it
 * while it spills nothing, divides in no loop and fuses nothing; others are written down by --update.
 */
export function growth(file, kept, found) {
  return Object.entries(found).flatMap(([name, numbers]) => {
    const before = kept?.[name];
    if (before === undefined) {
      const costly = ['spills', 'divisionsInLoops', 'fma'].filter((measure) => numbers[measure] > 0);
      return costly.map((measure) => `${file}: ${name}: ${numbers[measure]} ${measure} that the budget does not have`);
    }
    const grown = measures.filter((measure) => numbers[measure] > before[measure]);
    const faults = grown.map(
      (measure) => `${file}: ${name}: expected ${measure} of at most ${before[measure]}, got ${numbers[measure]}`,
    );
    if (before.fma !== numbers.fma) faults.push(`${file}: ${name}: expected ${before.fma} fma, got ${numbers.fma}`);
    return faults;
  });
}
