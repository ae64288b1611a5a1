import os from 'node:os';
import type { Backend } from './backend.ts';

export interface WorkerCount {
  readonly workers: number;
  readonly limitedBy: 'request' | 'rows' | 'cores' | 'memory';
}

/** What the machine offers: cores this process may use, and bytes it may still take (control groups included). */
export interface Machine {
  readonly cores: number;
  readonly freeMemory: number;
}

export function thisMachine(): Machine {
  return { cores: os.availableParallelism(), freeMemory: process.availableMemory() };
}

/** Leave some memory to the rest of the machine: a prover that swaps is slower than one worker fewer. */
const USABLE_MEMORY = 0.8;

/**
 * How many provers to run: as many as there are cores, rows and memory for, and never fewer than one.
 *
 * @param zkeyBytes size of the proving key's file
 * @param requested taken as it is, apart from the number of rows
 */
export function workerCount(
  backend: Backend,
  zkeyBytes: number,
  rows: number,
  requested?: number,
  machine: Machine = thisMachine(),
): WorkerCount {
  const wanted = Math.max(1, rows);
  if (requested !== undefined) return { workers: Math.min(requested, wanted), limitedBy: 'request' };
  const budget = machine.freeMemory * USABLE_MEMORY - backend.sharedMemory(zkeyBytes);
  const byMemory = Math.max(1, Math.floor(budget / backend.workingMemory(zkeyBytes)));
  const workers = Math.min(wanted, machine.cores, byMemory);
  if (workers === wanted) return { workers, limitedBy: 'rows' };
  return { workers, limitedBy: workers === machine.cores ? 'cores' : 'memory' };
}
