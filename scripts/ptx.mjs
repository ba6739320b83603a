// Compiles every CUDA source to PTX and holds it to the contract and to its budget; needs nvcc, no device.
//   npm run check:ptx                        every file for sm_75, sm_80 and sm_90
//   npm run check:ptx -- --arch 90 FILE ...  some of it
//   npm run check:ptx -- --update FILE ...   writes scripts/ptx/budget.json anew, or what it says of some files, from sm_90
//   npm run check:ptx -- --table FILE ...    prints what sm_90 gets instead, a line for each family of kernels
//   npm run check:ptx -- --table --checkout DIR   the same of another checkout
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { both, compile, cudaFiles, nvccVersion } from './ptx/compile.mjs';
import { reportOf, unitsOf } from './ptx/read.mjs';
import { differences, faultsOf, growth, numbersOf } from './ptx/rules.mjs';
import { table } from './ptx/table.mjs';

const kBudget = new URL('./ptx/budget.json', import.meta.url);
/** The architecture whose registers are kept. */
const kArch = '90';

const { values, positionals } = parseArgs({
  options: {
    arch: { type: 'string', default: '75,80,90' },
    update: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
    checkout: { type: 'string' },
  },
  allowPositionals: true,
});
const archs = values.arch.split(',');
const files = positionals.length > 0 ? positionals : cudaFiles();
const { nvcc, files: kept } = JSON.parse(readFileSync(kBudget, 'utf8'));
const version = await nvccVersion();
if (version === undefined) {
  console.error('ptx: expected nvcc, got none; install the CUDA toolkit');
  process.exit(3);
}
if (values.table) {
  console.log(await table(kArch, values.checkout, positionals.length > 0 ? positionals : undefined));
  process.exit(0);
}
if (version !== nvcc && !values.update)
  console.log(`the budget is that of nvcc ${nvcc}; nvcc ${version} is not held to it`);
const faults = [];
const budget = {};
let kernels = 0;

await both(files, async (file) => {
  const compiled = [];
  for (const arch of archs) {
    const { text, report } = await compile(file, { arch, assembled: arch === kArch });
    compiled.push([arch, unitsOf(text), report]);
  }
  const units = compiled.flatMap(([, all]) => all);
  faults.push(...new Set(units.flatMap((unit) => faultsOf(file, unit))));
  for (const other of compiled.slice(1)) faults.push(...differences(file, compiled[0], other));
  const of = compiled.find(([arch]) => arch === kArch);
  if (of === undefined) return;
  const report = reportOf(of[2]);
  const entries = of[1].filter(({ isEntry }) => isEntry);
  kernels += entries.length;
  budget[file] = Object.fromEntries(entries.map((unit) => [unit.name, numbersOf(unit, report)]));
  if (!values.update && version === nvcc) faults.push(...growth(file, kept[file], budget[file]));
});

if (values.update) {
  // Files that were not asked for stay as they are.
  const sorted = Object.fromEntries(
    cudaFiles()
      .map((file) => [file, budget[file] ?? kept[file] ?? {}])
      .filter(([, of]) => Object.keys(of).length > 0),
  );
  // A kernel a line, so that a change shows as one.
  const rows = Object.entries(sorted).map(([file, of]) => {
    const lines = Object.entries(of).map(([name, numbers]) => `   ${JSON.stringify(name)}: ${JSON.stringify(numbers)}`);
    return `  ${JSON.stringify(file)}: {\n${lines.join(',\n')}\n  }`;
  });
  writeFileSync(kBudget, `{\n "nvcc": ${JSON.stringify(version)},\n "files": {\n${rows.join(',\n')}\n }\n}\n`);
}
for (const fault of faults.sort()) console.error(`ptx: ${fault}`);
console.log(`${files.length} files, ${kernels} kernels, sm_${archs.join(', sm_')}: ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
