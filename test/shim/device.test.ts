// The CUDA device when calls of CUDA fail (native/runtime/cuda_device.cu), on the shim: its words, and that nothing is lost or
// freed twice.

import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { buildDeviceFaults } from './build.js';

const illegal = 'an illegal memory access was encountered';
const none = 'cuda: expected 1000 bytes of memory, got none; the device is out of memory';
const shapes = 'p [1,4], t [1,4], loss [1,4]';
const unopened = (what: string) => `cuda: expected ${what} to succeed, got ${illegal}`;

const { SAMEBITS_CUDA_CHECK: _, ...env } = process.env;

it('a device tells each fault in its own words, names the kernel, and goes on where it can', async () => {
  const said = execFileSync(await buildDeviceFaults(), { encoding: 'utf8', env });
  expect(said.trimEnd().split('\n')).toEqual([
    'out of memory once: taken, 1 trims, 1 blocks; ',
    `out of memory: refused, 1 trims, 0 blocks; ${none}`,
    `an allocation that fails: refused, 0 trims, 0 blocks; cuda: expected an allocation of 1000 bytes to succeed, got ${illegal}`,
    `no memory to note a block, 1: refused, 0 blocks, 0 bytes in use; ${none}; then all well`,
    `no memory to note a block, 2: refused, 0 blocks, 0 bytes in use; ${none}; then all well`,
    'six small writes: 0 waits, all there',
    'a write of 11 MiB: without a wait, all there',
    'a write of 70 MiB: with waits, all there',
    'counts: 3 launches of 3, 1 waits of 1',
    'a launch: relu.forward: expected a launch of 1 blocks of 256 threads to succeed, got invalid argument; x [1,4], y [1,4]',
    `a fault of a kernel: cuda: expected the end of all work to succeed, got ${illegal}`,
    `no scratch memory: binary_crossentropy.forward: expected 4 bytes of memory, got none; the device is out of memory; ${shapes}`,
    `scratch memory that fails: binary_crossentropy.forward: expected an allocation of 4 bytes to succeed, got ${illegal}; ${shapes}`,
    'capacity: 1024 bytes for 1000',
    `opened without cudaStreamCreateWithFlags 1: ${unopened('a stream')}`,
    `opened without cudaMemPoolCreate 1: ${unopened('a memory pool')}`,
    `opened without cudaMemPoolSetAttribute 1: ${unopened('a memory pool')}`,
    `opened without cudaMallocHost 1: ${unopened('pinned memory')}`,
    `opened without cudaEventCreateWithFlags 1: ${unopened('an event')}`,
    `opened without cudaMallocHost 8: ${unopened('pinned memory')}`,
    `opened without cudaEventCreateWithFlags 8: ${unopened('an event')}`,
    'capacity when checking: 1000 bytes for 1000',
    `a fault of a kernel when checking: relu.forward: expected a launch of 1 blocks of 256 threads to end well, got ${illegal}; x [1,4], y [1,4]`,
  ]);
}, 900_000);

it.each([
  ['', 'sm90'],
  ['cudaDriverGetVersion:1:700', `the NVIDIA driver does not tell its version: ${illegal}`],
  ['cudaGetDeviceCount:1:700', `the NVIDIA driver (CUDA 13.0) offers no device: ${illegal}`],
  ['cudaDeviceGetAttribute:1:700', `the NVIDIA driver (CUDA 13.0) tells nothing of the device: ${illegal}`],
  ['cudaDeviceGetAttribute:2:700', `the NVIDIA driver (CUDA 13.0) tells nothing of the device: ${illegal}`],
  ['cudaDeviceGetAttribute:3:700', `the NVIDIA driver (CUDA 13.0) tells nothing of the device: ${illegal}`],
])(
  'where %j fails while a device is looked for, the reason is: %s',
  async (SAMEBITS_SHIM_FAIL, reason) => {
    const options = { encoding: 'utf8', env: { ...env, SAMEBITS_SHIM_FAIL } } as const;
    expect(execFileSync(await buildDeviceFaults(), ['detect'], options)).toBe(`${reason}\n`);
  },
  900_000,
);
