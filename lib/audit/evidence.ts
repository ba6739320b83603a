/** What a path holds that can be compared: a run by its folder, receipt or trace, or tensors by their file. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ArgumentError, show } from '../errors/index.js';
import { withPieces } from '../files/index.js';
import {
  checkpointPath,
  decodeSafetensors,
  epochCheckpointPath,
  expectNoLinks,
  networkHash,
  parseCheckpoint,
  parseReceipt,
  type Receipt,
  readReceipt,
  readSafetensors,
  receiptPath,
  tracePath,
  weightsPath,
} from '../runs/index.js';
import {
  isTrace,
  type Place,
  readTrace,
  type StoredTensor,
  type Trace,
  type Tree,
  tensorHash,
} from '../trace/index.js';

/** What two results have to have in common to be compared. */
export interface Subject {
  /** As its user named it. */
  model: string;
  /** Hash of the network's config, by which the same network is known under another name. */
  network: string;
  contract: number;
  /** Of pictures. */
  imageSize?: number | undefined;
  batchSize: number;
  dataHash: string;
}

/** A run: its states in order, the first before the first step, and its trace if it has one. */
export interface RunEvidence {
  kind: 'run';
  path: string;
  subject: Subject;
  /** Names of the leaves of `states`. */
  names: string[];
  states: Tree[];
  /** Training steps in all, where they were counted. */
  steps: number | null;
  trace: Trace | undefined;
  /** Whether the training ended; one that was stopped or killed has no receipt, or a trace without its end. */
  finished: boolean;
  /** Tensors of its checkpoint, where there is no receipt, and the steps taken before them. */
  stopped: { tensors: StoredTensor[]; iterations: number; place: Place } | undefined;
  /** What it takes to compute the run again; for a trace, the receipt beside it. */
  receipt: Receipt | undefined;
  /** Folder that may keep the values of `states`. */
  folder: string;
}

/** Tensors in a file; the subject is known of a checkpoint. */
export interface TensorEvidence {
  kind: 'tensors';
  path: string;
  subject: Subject | undefined;
  tensors: StoredTensor[];
  /** Steps a checkpoint's training had taken. */
  iterations: number | undefined;
}

export type Evidence = RunEvidence | TensorEvidence;

const who = 'diff';
const expected = 'a run folder, receipt, trace, checkpoint or safetensors file';

const subjectOf = ({ model, network, contract, imageSize, batchSize, dataHash }: Subject): Subject => ({
  model,
  network,
  contract,
  imageSize,
  batchSize,
  dataHash,
});

function ofReceipt(path: string, receipt: Receipt, trace: Trace | undefined): RunEvidence {
  const { options, contract, dataHash, compile, tensors, initial, epochs, steps } = receipt;
  const network = networkHash(compile.network);
  return {
    kind: 'run',
    path,
    subject: subjectOf({ ...options, network, contract, dataHash }),
    names: tensors.map(([name]) => name),
    states: [initial, ...epochs],
    steps,
    trace,
    finished: trace?.ended ?? true,
    stopped: undefined,
    receipt,
    folder: dirname(path),
  };
}

function ofTrace(path: string, trace: Trace): RunEvidence {
  const { begin } = trace;
  const beside = receiptPath(dirname(path));
  if (begin === undefined) {
    throw new ArgumentError({ who, expected: `a trace ${show(path)} with its first record`, got: 'one cut before it' });
  }
  return {
    kind: 'run',
    path,
    subject: subjectOf(begin.identity as unknown as Subject),
    names: begin.state.map(([name]) => name),
    states: trace.epochs.map(({ state }) => state),
    steps: null,
    trace,
    finished: trace.ended,
    stopped: undefined,
    receipt: existsSync(beside) ? readReceipt(beside) : undefined,
    folder: dirname(path),
  };
}

function ofFolder(folder: string): RunEvidence {
  const [receipt, tracing, checkpoint] = [receiptPath(folder), tracePath(folder), checkpointPath(folder)];
  const trace = existsSync(tracing) ? readTrace(tracing) : undefined;
  if (existsSync(receipt)) return { ...ofReceipt(receipt, readReceipt(receipt), trace), path: folder };
  if (!existsSync(checkpoint))
    throw new ArgumentError({ who, expected, got: `the folder ${show(folder)} without any` });
  const { identity, state, tensors } = parseCheckpoint(checkpoint, readSafetensors(checkpoint));
  return {
    kind: 'run',
    path: folder,
    subject: subjectOf(identity as unknown as Subject),
    names: tensors.map(({ name }) => name),
    states: state.trees,
    steps: null,
    trace,
    finished: false,
    stopped: { tensors, iterations: state.iterations, place: state.progress },
    receipt: undefined,
    folder,
  };
}

/** What lies at a path. Throws ArgumentError where nothing does, FileError for a file that is not whole or no such file. */
export function openEvidence(path: string): Evidence {
  if (!existsSync(path)) throw new ArgumentError({ who, expected, got: show(path), hint: 'there is no such file' });
  const isFolder = statSync(path).isDirectory();
  // What lies beside a receipt or a trace is read, too.
  expectNoLinks(who, isFolder ? path : dirname(path));
  if (isFolder) return ofFolder(path);
  if (withPieces(path, isTrace)) return ofTrace(path, readTrace(path));
  const bytes = readFileSync(path);
  if (bytes[0] === '{'.charCodeAt(0)) return ofReceipt(path, parseReceipt(bytes, path), undefined);
  const file = decodeSafetensors(bytes, path);
  const isCheckpoint = file.metadata['identity'] !== undefined;
  if (!isCheckpoint) return { kind: 'tensors', path, subject: undefined, tensors: file.tensors, iterations: undefined };
  const { identity, state, tensors } = parseCheckpoint(path, file);
  return {
    kind: 'tensors',
    path,
    subject: subjectOf(identity as unknown as Subject),
    tensors,
    iterations: state.iterations,
  };
}

/** The values of a tensor of a state, if a file of the run keeps them. */
export function stateValues({ folder, names, states }: RunEvidence, epoch: number, index: number) {
  const files = [weightsPath(folder, epoch), epochCheckpointPath(folder, epoch), checkpointPath(folder)];
  const hash = states[epoch]!.leaves[index];
  for (const file of files.filter((path) => existsSync(path))) {
    const tensor = readSafetensors(file).tensors.find(({ name }) => name === names[index]);
    if (tensor !== undefined && tensorHash(tensor) === hash) return tensor;
  }
  return undefined;
}
