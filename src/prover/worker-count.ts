import os from 'node:os';
import type { Backend } from './backend.ts';

export interface WorkerCount {
  readonly workers: number;
  readonly limitedBy: 'request' | 'rows' | 'cores' | 'memory';
}

/** Cores that this process may use, and available memory in bytes, both within control group limits. */
export interface Machine {
  readonly cores: number;
  readonly freeMemory: number;
}

export function thisMachine(): Machine {
  return { cores: os.availableParallelism(), freeMemory: process.availableMemory() };
}

/** Share of the free memory for provers. Swapping costs more than running one worker fewer. */
const USABLE_MEMORY_FRACTION = 0.8;

/**
 * The number of provers to run: limited by cores, rows and memory, but at least one.
 *
 * @param zkeyBytes size of the .zkey file
 * @param requested used as given, limited only by the number of rows
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
  const budget = machine.freeMemory * USABLE_MEMORY_FRACTION - backend.sharedMemory(zkeyBytes);
  const byMemory = Math.max(1, Math.floor(budget / backend.workingMemory(zkeyBytes)));
  const workers = Math.min(wanted, machine.cores, byMemory);
  if (workers === wanted) return { workers, limitedBy: 'rows' };
  return { workers, limitedBy: workers === machine.cores ? 'cores' : 'memory' };
}
