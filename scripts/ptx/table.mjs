// What the kernels of a checkout look like to a device, as a Markdown table: a line for each family of kernels.
import { spawnSync } from 'node:child_process';
import { addonFiles, both, compile } from './compile.mjs';
import { divisionsInLoops, divisionsOf, plain, reportOf, unitsOf } from './read.mjs';
import { numbersOf } from './rules.mjs';
import { hotLoop, instructionsOf, kernelsOf } from './sass.mjs';

/** Names as they stand in the source. */
function demangled(names) {
  const { stdout, error } = spawnSync('c++filt', { input: names.join('\n'), encoding: 'utf8' });
  return error === undefined ? stdout.trimEnd().split('\n') : names;
}

/**
 * What the instances of a template share: of tiles of chains the problem, of a thread for each element the function that gives it,
 * otherwise the kernel; without arguments of templates.
 */
export function familyOf(name) {
  const problem = /chains_kernel<.*?(?:, |> )(?:samebits::)?(\w+)(?:<|>)/.exec(name.replace(/Tile<[^>]*>/, 'Tile'));
  if (problem !== null) return `chains: ${problem[1]}`;
  const each = /each_kernel<(?:samebits::)?(?:\w+::)*(\w+)/.exec(name);
  return each?.[1] ?? /(\w+)(?:<.*)?\(/.exec(name.replace(/<[^(]*>(?=\()/, ''))?.[1] ?? name;
}

const range = (values) => {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? `${most}` : `${least} to ${most}`;
};

/** The table of the files, for one architecture. */
export async function table(arch, checkout, files = addonFiles(checkout)) {
  const found = await both(files, async (file) => {
    const { text, report, cubin } = await compile(file, { arch, checkout, assembled: true });
    const numbers = reportOf(report);
    const code = new Map(kernelsOf(cubin).map((kernel) => [plain(kernel.name), kernel]));
    const units = unitsOf(text).filter(({ isEntry }) => isEntry);
    const names = demangled(units.map(({ name }) => name));
    return units.map((unit, at) => ({
      family: familyOf(names[at]),
      ...numbers[unit.name],
      instructions: instructionsOf(code.get(unit.name)),
      // A division of floats is made of fma too; those that the source writes are meant.
      loop: numbersOf(unit, numbers).fma > 0 ? hotLoop(code.get(unit.name)) : undefined,
      divisions: divisionsOf(unit),
      inLoops: divisionsInLoops(unit),
    }));
  });
  const families = new Map();
  for (const kernel of found.flat()) families.set(kernel.family, [...(families.get(kernel.family) ?? []), kernel]);
  const rows = [...families].map(([family, kernels]) => {
    const of = (measure) => range(kernels.map((kernel) => kernel[measure]));
    const loops = kernels.flatMap(({ loop }) => (loop === undefined ? [] : [Number((loop.all / loop.fma).toFixed(2))]));
    const cells = [family, kernels.length, of('registers'), of('spills'), loops.length > 0 ? range(loops) : ''];
    return `| ${[...cells, of('instructions'), of('divisions'), of('inLoops')].join(' | ')} |`;
  });
  const head = [
    'kernels',
    'forms',
    'registers',
    'bytes spilled',
    'instructions a fma',
    'once through',
    'divisions',
    'in loops',
  ];
  return [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...rows].join('\n');
}
