/** What is thrown: every refusal says who expected what, and what it got. */
export {
  ArgumentError,
  DataError,
  DisposedError,
  DtypeError,
  type ErrorCode,
  FileError,
  NativeError,
  PackageError,
  type Refusal,
  SamebitsError,
  ShapeError,
  TargetError,
} from '../errors/index.js';
