/**
 * Sums the same values again and again: in deterministic mode one bit pattern has to come out, in atomic mode more than
 * one, or else nothing here could show a difference.
 */
import { distinctSums } from '../../../test/determinism/racing.js';
import { answer, readTask } from './task.js';

const { device, runs } = readTask();
const deterministic = distinctSums({ device, mode: 'deterministic', threads: 1, runs: Math.min(runs, 100) }).size;
const atomic = distinctSums({ device, mode: 'atomic', threads: 1, runs, enough: 2 }).size;
answer({ deterministic, atomic });
