// Where the tools of a build are on this machine.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './child.mjs';

/** Whether a program can be started. */
export const there = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

/** A place in an installed package. */
export const inPackage = (name) => path.join(root, 'node_modules', name);

/** The folder with node_api.h: as asked for, beside node, or of node-api-headers. Undefined when there is none. */
export function findHeaders(asked, execPath = process.execPath) {
  const candidates =
    asked === undefined
      ? [path.resolve(execPath, '../../include/node'), inPackage('node-api-headers/include')]
      : [asked];
  return candidates.find((folder) => existsSync(path.join(folder, 'node_api.h')));
}

/** The CUDA compiler: as asked for, CUDACXX, on PATH, or where the toolkit puts it. Undefined when there is none. */
export function findNvcc(asked) {
  const candidates = [asked, process.env.CUDACXX, 'nvcc', '/usr/local/cuda/bin/nvcc'].filter(
    (one) => one !== undefined,
  );
  return (asked === undefined ? candidates : [asked]).find(there);
}

/** A tool of the CUDA toolkit, on PATH or beside its compiler; undefined when there is none. */
export function findTool(name) {
  const roots = ['/opt/nvidia/nsight-compute'].filter((folder) => existsSync(folder));
  const beside = roots.flatMap((folder) => readdirSync(folder).map((version) => path.join(folder, version, name)));
  return [name, `/usr/local/cuda/bin/${name}`, ...beside].find(there);
}
