// The platform packages there are: a package of the compiled addon for each of these systems.

export const targets = {
  'linux-x64-gnu': { os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
  'linux-x64-musl': { os: ['linux'], cpu: ['x64'], libc: ['musl'] },
  'linux-arm64-gnu': { os: ['linux'], cpu: ['arm64'], libc: ['glibc'] },
  'darwin-arm64': { os: ['darwin'], cpu: ['arm64'] },
  'darwin-x64': { os: ['darwin'], cpu: ['x64'] },
  'win32-x64': { os: ['win32'], cpu: ['x64'] },
};

/**
 * Packages of the addon with the kernels for CUDA too. They are many times as large, so nothing asks for them but those who install them
 * by name; the loader takes them before the others.
 */
export const cudaTargets = Object.fromEntries(
  ['linux-x64-gnu', 'linux-arm64-gnu'].map((target) => [`${target}-cuda`, targets[target]]),
);

export const packageOf = (target) => `@samebits/${target}`;

/** The name of the machine that this runs on, whether or not there is a package for it. */
export function thisTarget() {
  const name = `${process.platform}-${process.arch}`;
  if (process.platform !== 'linux') return name;
  return `${name}-${process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'gnu'}`;
}

const elf = { 62: 'x64', 183: 'arm64' };
const machO = { 16777223: 'darwin-x64', 16777228: 'darwin-arm64' };
const portable = { 34404: 'win32-x64' };

/** The target that the bytes of an addon are made for; undefined for what is none of ours. */
export function targetOf(bytes) {
  if (bytes.length < 64) return undefined;
  if (bytes.readUInt32BE(0) === 0x7f454c46) {
    const cpu = elf[bytes.readUInt16LE(18)];
    if (cpu === undefined) return undefined;
    const library = /\0libc\.musl-|\0libc\.so\0/.test(bytes.toString('latin1')) ? 'musl' : 'gnu';
    // The section in which nvcc puts the kernels.
    return `linux-${cpu}-${library}${bytes.includes('\0.nv_fatbin\0') ? '-cuda' : ''}`;
  }
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return machO[bytes.readUInt32LE(4)];
  if (bytes.readUInt16BE(0) !== 0x4d5a) return undefined;
  const header = bytes.readUInt32LE(60);
  return header + 6 > bytes.length ? undefined : portable[bytes.readUInt16LE(header + 4)];
}
