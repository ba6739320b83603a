// What sacct prints, as a study takes it: a task that was put back, steps behind tasks, submissions of one trial in two arrays.

import { describe, expect, it } from 'vitest';
import { accountedTrials, slurmMiB, slurmSeconds } from '../../../lib/studies/accounting.js';

const first = 'trials/0/deterministic-01';
const second = 'trials/0/atomic-01';
const third = 'trials/0/atomic-02';
const arrays = [
  { job: '17', trials: [first, second, third] },
  { job: '23', trials: [second] },
];
// JobID|State|ElapsedRaw|TotalCPU|MaxRSS|ConsumedEnergyRaw|NodeList|Start
const printed = [
  '17_1|COMPLETED|100|03:10.500||2500|n1|2026-11-30T10:00:01',
  '17_1.batch|COMPLETED|100|03:10.500|204800K|2500|n1|2026-11-30T10:00:01',
  '17_2|REQUEUED|40|01:02:03||900|n1|2026-11-30T10:00:01',
  '17_2.batch|CANCELLED|40|01:02:03|1G|900|n1|2026-11-30T10:00:01',
  '17_2|CANCELLED by 0|60|1-00:00:00||100|n2|2026-11-30T10:01:00',
  '17_2.batch|CANCELLED|60|1-00:00:00|3145728K|100|n2|2026-11-30T10:01:00',
  '23_1|COMPLETED|7|00:02||0|n2|2026-11-30T11:00:01',
  '17_3|PENDING|0|00:00:00||||Unknown',
].join('\n');

describe('the accounting of a cluster', () => {
  it('is added up for each trial over all tasks of it that were begun', () => {
    expect(accountedTrials(`${printed}\n`, arrays)).toEqual([
      {
        ...{ trial: first, tasks: ['17_1'], begun: 1, state: 'COMPLETED', nodes: ['n1'], elapsedSeconds: 100 },
        ...{ cpuSeconds: 190.5, maxMemoryMiB: 200, joules: 2500 },
      },
      {
        ...{ trial: second, tasks: ['17_2', '23_1'], begun: 3, state: 'COMPLETED', nodes: ['n1', 'n2'] },
        ...{ elapsedSeconds: 107, cpuSeconds: 3723 + 86400 + 2, maxMemoryMiB: 3072, joules: 1000 },
      },
    ]);
  });

  it('has nothing for what a cluster does not gather', () => {
    const bare = '17_1|FAILED|3|00:00:00||||2026-11-30T10:00:01';
    expect(accountedTrials(bare, arrays)).toEqual([
      {
        ...{ trial: first, tasks: ['17_1'], begun: 1, state: 'FAILED', nodes: [], elapsedSeconds: 3 },
        ...{ cpuSeconds: null, maxMemoryMiB: null, joules: null },
      },
    ]);
  });

  it.each([
    ['00:02', 2],
    ['03:10.500', 190.5],
    ['01:02:03', 3723],
    ['2-01:00:00', 176400],
    ['', null],
    ['INVALID', null],
  ])('takes the time %j as %s seconds', (text, seconds) => {
    expect(slurmSeconds(text)).toBe(seconds);
  });

  it.each([
    ['2048K', 2],
    ['12M', 12],
    ['1.5G', 1536],
    ['1048576', 1],
    ['', null],
  ])('takes the memory %j as %s MiB', (text, mebibytes) => {
    expect(slurmMiB(text)).toBe(mebibytes);
  });
});
