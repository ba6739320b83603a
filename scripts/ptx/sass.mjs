// Reads the machine code of a cubin far enough to count: which instructions a kernel has, which of them lie in its hot loop, and
// which way through that loop is the usual one. An instruction of sm_70 and newer has 16 bytes: the low 12 bits say what it does,
// bits 12 to 15 under which predicate. What is read here was found by comparing with kernels of known loops.

const kBytes = 16;
/** Low bits of what is told apart; the others only count. */
const kBranch = 0x947;
const kEnds = new Set([0x94d, 0x950]); // exit, ret
const kLoad = 0x981; // of global memory
const kFma = new Set([0x223, 0x423, 0x823, 0xa23, 0xc23]);
const kAlways = 7; // the predicate that is always true

/** The sections of an ELF file of 64 bits: name, offset, size. */
function sectionsOf(elf) {
  const at = Number(elf.readBigUInt64LE(0x28));
  const [size, count, names] = [0x3a, 0x3c, 0x3e].map((offset) => elf.readUInt16LE(offset));
  const raw = Array.from({ length: count }, (_, i) => {
    const head = at + i * size;
    return {
      name: elf.readUInt32LE(head),
      offset: Number(elf.readBigUInt64LE(head + 24)),
      size: Number(elf.readBigUInt64LE(head + 32)),
    };
  });
  const text = raw[names].offset;
  return raw.map(({ name, ...rest }) => ({
    ...rest,
    name: elf.toString('latin1', text + name, elf.indexOf(0, text + name)),
  }));
}

/** Where a branch goes: its distance stands in bits 16 to 23 (in fours) and from bit 32 on (in 256s), seen from behind it. */
function targetOf(low, high, index) {
  const far = BigInt.asIntN(50, ((high & 0x3ffffn) << 32n) | (low >> 32n));
  return index + 1 + Number(far * 256n + ((low >> 16n) & 0xffn) * 4n) / kBytes;
}

/** The kernels of a cubin: { name, code: [{ opcode, always, target }] }. */
export function kernelsOf(cubin) {
  const texts = sectionsOf(cubin).filter(({ name, size }) => name.startsWith('.text.') && size > 0);
  return texts.map(({ name, offset, size }) => ({
    name: name.slice('.text.'.length),
    code: Array.from({ length: size / kBytes }, (_, index) => {
      const [low, high] = [0, 8].map((word) => cubin.readBigUInt64LE(offset + index * kBytes + word));
      const opcode = Number(low & 0xfffn);
      // A branch has a second predicate.
      const always = Number((low >> 12n) & 0xfn) === kAlways && (opcode !== kBranch || (high >> 23n) % 16n === 7n);
      return { opcode, always, target: opcode === kBranch ? targetOf(low, high, index) : undefined };
    }),
  }));
}

const fmaOf = (code, first, last) => code.slice(first, last + 1).filter(({ opcode }) => kFma.has(opcode)).length;

/**
 * The way through code[first..last] with the most fma, of those with the most loads, of those the one with the fewest instructions: what
 * a loop does where nothing is skipped. Jumps back are not taken, so it is once through the loop.
 */
function wayThrough(code, first, last) {
  const best = new Map([[first, { fma: 0, loads: 0, all: 0 }]]);
  const before = (a, b) => b.fma - a.fma || b.loads - a.loads || a.all - b.all;
  const reach = (at, way) => {
    if (at <= last + 1 && (!best.has(at) || before(way, best.get(at)) < 0)) best.set(at, way);
  };
  for (let at = first; at <= last; ++at) {
    const way = best.get(at);
    if (way === undefined) continue;
    const { opcode, always, target } = code[at];
    const next = {
      fma: way.fma + (kFma.has(opcode) ? 1 : 0),
      loads: way.loads + (opcode === kLoad ? 1 : 0),
      all: way.all + 1,
    };
    if (target !== undefined && target > at && target <= last + 1) reach(target, next);
    const leaves = always && (target !== undefined || kEnds.has(opcode));
    if (at === last || kEnds.has(opcode)) reach(last + 1, next);
    else if (!leaves) reach(at + 1, next);
    if (kEnds.has(opcode) && !always) reach(at + 1, next);
  }
  return best.get(last + 1);
}

/** How many instructions a thread has that runs once through each loop. */
export const instructionsOf = ({ code }) => wayThrough(code, 0, code.length - 1).all;

/**
 * The loop with the most fma among those that hold no loop with as many: { fma, loads, all }; of a kernel without such a loop, the whole
 * kernel; undefined where there is no fma.
 */
export function hotLoop({ code }) {
  const loops = code
    .flatMap(({ target }, at) => (target !== undefined && target < at ? [{ first: target, last: at }] : []))
    .map((loop) => ({ ...loop, fma: fmaOf(code, loop.first, loop.last) }))
    .filter(({ fma }) => fma > 0)
    .sort((a, b) => b.fma - a.fma || a.last - a.first - (b.last - b.first));
  const { first, last } = loops[0] ?? { first: 0, last: code.length - 1 };
  return fmaOf(code, first, last) > 0 ? wayThrough(code, first, last) : undefined;
}
