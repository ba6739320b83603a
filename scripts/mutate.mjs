// Puts small faults into the code, one at a time, and counts how many of them a test sees:
// `npm run mutate -- lib [--room ops] [--file lib/ops/add.ts] [--report]`, `npm run mutate -- native ...`.
// On demand only; docs/mutation.md has the scores and what survived.
const parts = { lib: './mutate/lib.mjs', native: './mutate/native.mjs' };

const [part, ...args] = process.argv.slice(2);
if (!Object.hasOwn(parts, part ?? '')) {
  console.error(`mutate: expected a part, ${Object.keys(parts).join(' or ')}, got ${part ?? 'none'}`);
  process.exit(2);
}
const { main } = await import(parts[part]);
process.exitCode = await main(args);
