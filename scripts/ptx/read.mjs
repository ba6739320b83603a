// Reads PTX: its kernels (entries) and functions with their instructions, and what ptxas reports of each kernel.

/**
 * A name without what depends on the place of the source: `_INTERNAL_<digest>_<length>_<file>_<digest>_<number>`, and the digest of
 * a namespace without a name.
 */
export const plain = (name) =>
  name
    .replace(/\d*_INTERNAL_[0-9a-f]+_\d+_(\w+?_cu)_[0-9a-f]+_\d+/g, '$1')
    .replace(/(_GLOBAL__N__)[0-9a-f]{8}_/g, '$1');

/** An instruction: an opcode with its dots, behind a predicate where there is one. */
const instruction = /^\s*(?:@!?%p\d+\s+)?([a-z][a-z0-9_]*(?:\.[a-zA-Z0-9_:]+)*)\s+[^:=]*;|^\s*(ret|exit|trap);/;

/** The kernels and functions of a PTX text: { name, isEntry, opcodes, lines }. */
export function unitsOf(text) {
  const units = [];
  let unit;
  for (const line of text.split('\n')) {
    const head = /\.(entry|func)\s+(?:\([^)]*\)\s*)?([A-Za-z_$][\w$]*)/.exec(line);
    if (head !== null) unit = { name: plain(head[2]), isEntry: head[1] === 'entry', opcodes: [], lines: [] };
    if (unit === undefined) continue;
    unit.lines.push(line);
    const found = instruction.exec(line);
    if (found !== null) unit.opcodes.push(found[1] ?? found[2]);
    if (line.startsWith('}')) {
      units.push(unit);
      unit = undefined;
    } else if (head !== null && line.trimEnd().endsWith(';')) {
      unit = undefined; // a declaration
    }
  }
  return units;
}

const floating = /\.(?:f16|f32|f64|bf16)(?:x2)?(?:\.|$)/;
const arithmetic = /^(?:add|sub|mul|fma|mad|div|sqrt|rcp|rsqrt|ex2|lg2|sin|cos|tanh|neg|abs|min|max|cvt)\./;

/** The floating-point operations of a unit in order. */
export const floatsOf = ({ opcodes }) => opcodes.filter((opcode) => arithmetic.test(opcode) && floating.test(opcode));

const divides = (line) => /\b(?:div|rem)\.[su](?:32|64)\b/.test(line);

/** How many whole-number divisions and remainders a kernel has. */
export const divisionsOf = ({ lines }) => lines.filter(divides).length;

/** How many of them lie between a label and a jump back to it. */
export function divisionsInLoops({ lines }) {
  const labels = new Map();
  const inLoop = new Uint8Array(lines.length);
  lines.forEach((line, at) => {
    const label = /^(\$\S+):/.exec(line)?.[1];
    if (label !== undefined) labels.set(label, at);
    const target = /\bbra(?:\.uni)?\s+(\$\S+);/.exec(line)?.[1];
    if (labels.has(target)) inLoop.fill(1, labels.get(target), at + 1);
  });
  return lines.filter((line, at) => inLoop[at] === 1 && divides(line)).length;
}

/** What ptxas says of each kernel: registers, and bytes that did not fit into them. */
export function reportOf(text) {
  const found = {};
  let name;
  for (const line of text.split('\n')) {
    name = /Compiling entry function '([^']+)'/.exec(line)?.[1] ?? name;
    if (name === undefined) continue;
    const key = plain(name);
    found[key] ??= { registers: 0, spills: 0 };
    const row = found[key];
    const spills = /(\d+) bytes spill stores, (\d+) bytes spill loads/.exec(line);
    if (spills !== null) row.spills = Number(spills[1]) + Number(spills[2]);
    const registers = /Used (\d+) registers/.exec(line)?.[1];
    if (registers !== undefined) row.registers = Number(registers);
  }
  return found;
}
