import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { LeftOut, Running } from './interleave.ts';
import type { Options } from './options.ts';

/** Other provers that are installed. */
export interface Peers {
  /** rapidsnark's own program: reads key and witness, proves, writes the proof and exits. */
  readonly rapidsnark?: string;
  /** Our program with rapidsnark's library, which keeps the key loaded (bench/peers/build-rapidsnark.sh). */
  readonly rapidsnarkWarm?: string;
  /** A Python with EZKL. */
  readonly ezkl?: string;
}

export interface FoundPeers {
  readonly peers: Peers;
  readonly absent: readonly LeftOut[];
}

export function findPeers(options: Options, searchPath = process.env.PATH ?? ''): FoundPeers {
  if (!options.peers) return { peers: {}, absent: [{ name: 'peers', why: '--no-peers' }] };
  const rapidsnark = options.rapidsnark ?? onPath('prover', searchPath);
  const rapidsnarkWarm = options.rapidsnarkWarm ?? onPath('rapidsnark-warm', searchPath);
  const ezkl = options.ezkl ?? (hasEzkl('python3') ? 'python3' : undefined);
  const absent = [
    [rapidsnark, 'rapidsnark, whole process', 'no `prover` on the PATH and no --rapidsnark'],
    [rapidsnarkWarm, 'rapidsnark, key warm', 'see bench/peers/build-rapidsnark.sh and --rapidsnark-warm'],
    [ezkl, 'EZKL', 'no package ezkl in python3 and no --ezkl'],
  ] as const;
  return {
    peers: {
      ...(rapidsnark !== undefined && { rapidsnark }),
      ...(rapidsnarkWarm !== undefined && { rapidsnarkWarm }),
      ...(ezkl !== undefined && { ezkl }),
    },
    absent: absent.filter(([found]) => found === undefined).map(([, name, why]) => ({ name, why })),
  };
}

function onPath(program: string, searchPath: string): string | undefined {
  return searchPath
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function hasEzkl(python: string): boolean {
  return spawnSync(python, ['-c', 'import ezkl'], { stdio: 'ignore' }).status === 0;
}

/** A program that makes one proof per process, measured from start to exit. */
export function wholeProcess(command: string, args: readonly string[]): Running {
  return {
    ready: {},
    once: () =>
      new Promise((resolve, reject) => {
        const started = performance.now();
        const child = spawn(command, args, { stdio: 'ignore' });
        child.once('error', reject);
        child.once('exit', (code, signal) => {
          if (code === 0) resolve({ proveMs: performance.now() - started });
          else reject(new Error(`${command} ended with ${signal ?? code}`));
        });
      }),
    end: async () => ({}),
  };
}
