// Claims on folders: of any number of processes one holds a folder, a dead owner is followed by one of them, and an owner
// that cannot be seen is left alone. Real processes race, and are killed at every step of a claim.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs, { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimFolder, contentsOf, holderOf, sweepNeighbours } from '../../../lib/files/index.js';
import { type Owner, thisOwner } from '../../../lib/files/owner.js';
import { root } from '../../architecture/sources.js';

const above = mkdtempSync(join(tmpdir(), 'samebits-claim-'));
afterAll(() => rmSync(above, { recursive: true }));
let folder: string;
let count = 0;
beforeEach(() => {
  count += 1;
  folder = join(above, `${count}`, 'run');
});

const ownerPath = () => join(folder, 'owner.json');
const child = 'test/unit/files/claim_child.mjs';

/** A number that no process has any more. */
const deadPid = spawnSync(process.execPath, ['-e', '']).pid;

/** Makes the folder with an owner in it that differs from this process. */
function heldBy(change: Partial<Owner>): Owner {
  const owner = { ...thisOwner(), ...change };
  mkdirSync(folder, { recursive: true });
  writeFileSync(ownerPath(), `${JSON.stringify(owner)}\n`);
  return owner;
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
}

describe('a claim', () => {
  it('makes the folder, names its owner, and leaves neither when it ends', () => {
    const claim = claimFolder('train', folder);
    expect(JSON.parse(readFileSync(ownerPath(), 'utf8'))).toMatchObject({ pid: process.pid, host: hostname() });
    expect(readdirSync(folder)).toEqual(['owner.json']);
    expect(contentsOf(folder)).toEqual([]);
    claim.release();
    expect(existsSync(join(above, `${count}`))).toBe(false);
  });

  it('leaves a folder that was there, or that holds something', () => {
    mkdirSync(folder, { recursive: true });
    claimFolder('train', folder).release();
    expect(readdirSync(folder)).toEqual([]);
    const claim = claimFolder('train', join(folder, 'deep', 'er'));
    writeFileSync(join(folder, 'deep', 'er', 'file'), '');
    claim.release();
    claim.release();
    expect(readdirSync(join(folder, 'deep', 'er'))).toEqual(['file']);
  });

  it('is refused to anybody else while its owner lives, this process too', () => {
    using _claim = claimFolder('train', folder);
    const { since } = JSON.parse(readFileSync(ownerPath(), 'utf8')) as Owner;
    expect(refusal(() => claimFolder('compare', folder))).toBe(
      `compare: expected a folder that no other process works in, got '${folder}', held by process ${process.pid} of ` +
        `host '${hostname()}' since ${since}; wait until it has ended, or choose another folder`,
    );
  });

  it('does not take away the file of whoever took the folder after it', () => {
    const claim = claimFolder('train', folder);
    const other = heldBy({ pid: 1 });
    claim.release();
    expect(JSON.parse(readFileSync(ownerPath(), 'utf8'))).toEqual(other);
  });

  it('is refused where the folder cannot be made or written in', () => {
    writeFileSync(join(above, 'file'), '');
    expect(refusal(() => claimFolder('train', join(above, 'file', 'run')))).toBe(
      `train: expected to make '${join(above, 'file', 'run')}', got ENOTDIR: not a directory`,
    );
    mkdirSync(folder, { recursive: true });
    const { writeFileSync: write } = fs;
    // The tests may run as root, whom no mode of a folder stops.
    fs.writeFileSync = () => {
      throw Object.assign(new Error("EACCES: permission denied, open 'x'"), { code: 'EACCES' });
    };
    syncBuiltinESMExports();
    const told = refusal(() => claimFolder('train', folder));
    fs.writeFileSync = write;
    syncBuiltinESMExports();
    expect(told).toBe(`train: expected to be able to write in '${folder}', got EACCES: permission denied`);
  });
});

describe('the owner', () => {
  const dead: [string, () => Partial<Owner>][] = [
    ['whose process has ended', () => ({ pid: deadPid })],
    ['whose number another process has now', () => ({ began: '1' })],
    ['of an earlier start of this host', () => ({ boot: 'earlier', space: 'another' })],
  ];
  it.each(dead)('%s is dead, and followed', (_what, change) => {
    heldBy(change());
    writeFileSync(join(folder, 'work'), '');
    using _claim = claimFolder('train', folder);
    expect(JSON.parse(readFileSync(ownerPath(), 'utf8'))).toMatchObject({ pid: process.pid });
    expect(readdirSync(folder).sort()).toEqual(['owner.json', 'work']);
  });

  const unseen: [string, Partial<Owner>][] = [
    ['another host', { host: 'elsewhere' }],
    ['another machine of this name', { machine: 'another' }],
    ['a container of this host', { space: 'another' }],
  ];
  it.each(unseen)('of %s is neither alive nor dead, and refused', (_what, change) => {
    const { pid, host, since } = heldBy({ pid: deadPid, ...change });
    expect(refusal(() => claimFolder('train', folder))).toBe(
      `train: expected a folder that no other process works in, got '${folder}', held by process ${pid} of host ` +
        `'${host}' since ${since}; whether it still runs cannot be seen from here; if it does not, remove ` +
        `'${ownerPath()}'`,
    );
    expect(readdirSync(folder)).toEqual(['owner.json']);
  });

  it('of a task of a cluster on another host is dead once that task is begun again, and not before', () => {
    const there = { host: 'elsewhere', job: { id: '17', attempt: 1 } };
    const here: [id: string, attempt: string, follows: boolean][] = [
      ['17', '2', true],
      ['17', '1', false],
      ['18', '2', false],
      ['', '', false],
    ];
    try {
      for (const [id, attempt, follows] of here) {
        Object.assign(process.env, { SLURM_JOB_ID: id, SLURM_RESTART_COUNT: attempt });
        heldBy({ pid: deadPid, ...there });
        expect(holderOf(folder) === undefined).toBe(follows);
        if (follows) claimFolder('train', folder).release();
        else expect(() => claimFolder('train', folder)).toThrow(/held by process/);
        rmSync(folder, { recursive: true, force: true });
      }
    } finally {
      delete process.env['SLURM_JOB_ID'];
      delete process.env['SLURM_RESTART_COUNT'];
    }
  });

  it.each(['', '{}', '{"pid": 0}', 'null'])('that a file does not name (%s) is refused', (text) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(ownerPath(), text);
    expect(refusal(() => claimFolder('train', folder))).toBe(
      `train: expected a folder that no other process works in, got '${folder}' with '${ownerPath()}', which names no ` +
        'owner; remove that file if nothing works there',
    );
  });
});

describe('on a file system without hard links', () => {
  const { linkSync } = fs;
  afterEach(() => {
    fs.linkSync = linkSync;
    syncBuiltinESMExports();
  });

  it('a folder is claimed, refused and taken over all the same', () => {
    fs.linkSync = () => {
      throw Object.assign(new Error('EPERM: operation not permitted'), { code: 'EPERM' });
    };
    syncBuiltinESMExports();
    heldBy({ pid: deadPid });
    using _claim = claimFolder('train', folder);
    expect(readdirSync(folder)).toEqual(['owner.json']);
    expect(refusal(() => claimFolder('train', folder))).toContain(`held by process ${process.pid} `);
  });
});

interface Racer {
  process: ChildProcess;
  lines: Interface;
}

const answer = ({ lines }: Racer) => new Promise<string>((resolve) => lines.once('line', resolve));

describe('many processes', () => {
  it('that want one folder at once: one gets it, and when it is killed one of the others, until the last lets go', async () => {
    const racers = Array.from({ length: 10 }, (): Racer => {
      const started = spawn(process.execPath, [child, folder], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
      return { process: started, lines: createInterface({ input: started.stdout! }) };
    });
    for (let left = [...racers]; left.length > 0; ) {
      const answers = left.map(answer);
      for (const { process } of left) process.stdin!.write('claim\n');
      const told = await Promise.all(answers);
      const winner = left.find((_, i) => told[i] === 'won')!;
      expect(told.filter((text) => text === 'won')).toHaveLength(1);
      for (const text of told.filter((text) => text !== 'won')) {
        // Of one that is about to be refused itself, if it was seen in that moment.
        expect(text).toMatch(
          /^race: expected a folder that no other process works in, got '.*', held by process \d+ of/,
        );
      }
      left = left.filter((racer) => racer !== winner);
      if (left.length === 0) {
        const let_go = answer(winner);
        winner.process.stdin!.end('release\n');
        expect(await let_go).toBe('released');
      } else {
        const ended = new Promise((resolve) => winner.process.once('exit', resolve));
        winner.process.kill('SIGKILL');
        await ended;
      }
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that are killed at any step of following a dead owner hold nobody up, and leave nothing', () => {
    const killed = (at: number) => {
      heldBy({ pid: deadPid });
      const env = { ...process.env, SAMEBITS_KILL: JSON.stringify({ inside: folder, at }) };
      const args = ['--import', './test/support/killed_at.mjs', child, folder];
      return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env, input: 'claim\nrelease\n' });
    };
    const whole = killed(0);
    expect(whole.stdout).toBe('won\nreleased\n');
    const changes = Number(/^(\d+) changes$/m.exec(whole.stderr)![1]);
    expect(changes).toBeGreaterThan(4);
    for (let at = 1; at <= changes; at += 1) {
      expect(killed(at).signal).toBe('SIGKILL');
      const claim = claimFolder('train', folder);
      expect(readdirSync(folder)).toEqual(['owner.json']);
      claim.release();
      expect(readdirSync(folder)).toEqual([]);
    }
  });
});

describe('what killed writers left', () => {
  it('is removed, but nothing that a living one writes', () => {
    mkdirSync(folder, { recursive: true });
    const names = [`a.json.${deadPid}.tmp`, `a.json.${process.pid}.tmp`, 'a.json.1.tmp', 'a.tmp', 'a.json'];
    for (const name of names) writeFileSync(join(folder, name), '');
    sweepNeighbours([folder, join(folder, 'absent')]);
    expect(readdirSync(folder).sort()).toEqual(['a.json', 'a.json.1.tmp', 'a.tmp']);
  });
});
