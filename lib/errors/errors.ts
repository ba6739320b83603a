/**
 * The errors samebits throws, and the one function that words their messages:
 * `<who>: expected <what>, got <value>` and, where it helps, `; <hint>`.
 */
export type ErrorCode = 'SHAPE' | 'DTYPE' | 'ARGUMENT' | 'TARGET' | 'DISPOSED' | 'NATIVE' | 'DATA' | 'FILE' | 'PACKAGE';

/** What an error says, as values: `who` refused, `expected` what, `got` what, and a `hint` where one helps. */
export interface Refusal {
  who: string;
  expected: string;
  got: string;
  hint?: string;
}

/** The message of a refusal: no capital, no full stop. */
export function wording({ who, expected, got, hint }: Refusal): string {
  const base = `${who}: expected ${expected}, got ${got}`;
  return hint === undefined ? base : `${base}; ${hint}`;
}

/** The class every samebits error extends; `code` is stable, `message` is for people. */
export class SamebitsError extends Error implements Refusal {
  readonly code: ErrorCode;
  readonly who: string;
  readonly expected: string;
  readonly got: string;
  readonly hint?: string;

  constructor(code: ErrorCode, refusal: Refusal, options?: ErrorOptions) {
    super(wording(refusal), options);
    this.name = new.target.name;
    this.code = code;
    this.who = refusal.who;
    this.expected = refusal.expected;
    this.got = refusal.got;
    if (refusal.hint !== undefined) this.hint = refusal.hint;
  }
}

const kind = (code: ErrorCode) =>
  class extends SamebitsError {
    constructor(refusal: Refusal, options?: ErrorOptions) {
      super(code, refusal, options);
    }
  };

/** A tensor's shape does not fit the operation. */
export class ShapeError extends kind('SHAPE') {}
/** A tensor's dtype does not fit the operation. */
export class DtypeError extends kind('DTYPE') {}
/** An option or argument is out of its range or unknown. */
export class ArgumentError extends kind('ARGUMENT') {}
/** A device, instruction set or mode cannot be had, or tensors of two runtimes met. */
export class TargetError extends kind('TARGET') {}
/** A tensor, scope or runtime was used after it was disposed. */
export class DisposedError extends kind('DISPOSED') {}
/** The addon refused or failed: memory, a contract broken below, a file that does not load. */
export class NativeError extends kind('NATIVE') {}
/** A dataset cannot be used: missing, empty, one class, damaged pictures. */
export class DataError extends kind('DATA') {}
/** A file of ours cannot be read or written: checkpoint, receipt, weights, cache. */
export class FileError extends kind('FILE') {}
/** A package that a plain install leaves out is needed; the hint is the line that installs it. */
export class PackageError extends kind('PACKAGE') {}

/**
 * A text with every character that a terminal would obey or not show as `\\u{1b}`: a file of a stranger prints no line of
 * its own making.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** How a value is printed in a message: strings quoted, arrays in brackets, the rest as they are. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${printable(value)}'`;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value === 'bigint') return `${value}n`;
  if (value !== null && typeof value === 'object') return Object.prototype.toString.call(value).slice(8, -1);
  return String(value);
}
