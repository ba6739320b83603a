/** Bytes as people read them. */
const units: readonly (readonly [number, string])[] = [
  [1e12, 'TB'],
  [1e9, 'GB'],
  [1e6, 'MB'],
];

/** `1.2 GB`, in powers of ten as file systems and shops count. */
export function bytesText(bytes: number): string {
  const [unit, word] = units.find(([least]) => bytes >= least) ?? [1e3, 'kB'];
  return `${(bytes / unit).toFixed(1)} ${word}`;
}
