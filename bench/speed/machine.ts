import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import path from 'node:path';

/** The machine of the measurement. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** Instruction sets that determine the arithmetic of provers. */
  readonly flags: readonly string[];
  readonly memoryGB: number;
  readonly system: string;
  /** Load average over the last minute: near zero on an idle machine. */
  readonly load: number;
}

const RELEVANT_FLAGS = ['bmi2', 'adx', 'avx2', 'avx512f', 'avx512ifma'];

export function thisMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    flags: relevantFlags(readText('/proc/cpuinfo')),
    memoryGB: Math.round(totalmem() / 1e9),
    system: `${type()} ${release()} ${arch()}`,
    load: loadavg()[0]!,
  };
}

/** The relevant flags in the text of Linux' /proc/cpuinfo. */
export function relevantFlags(cpuinfo: string): string[] {
  const [, line = ''] = /^flags\s*:\s*(.*)$/m.exec(cpuinfo) ?? [];
  const present = new Set(line.split(' '));
  return RELEVANT_FLAGS.filter((flag) => present.has(flag));
}

/** Versions by name, of the programs that are installed. */
export function versions(): Record<string, string> {
  const found = {
    quietproof:
      `${packageVersion('.')} ${firstLine('git', ['describe', '--always', '--dirty']) ?? ''}`.trim(),
    node: process.versions.node,
    snarkjs: packageVersion('node_modules/snarkjs'),
    circom2: packageVersion('node_modules/circom2'),
    rustc: firstLine('rustc', ['--version'])?.split(' ')[1],
  };
  return Object.fromEntries(Object.entries(found).flatMap(([name, text]) => (text ? [[name, text]] : [])));
}

function packageVersion(folder: string): string {
  return JSON.parse(readText(path.join(folder, 'package.json')) || '{}').version ?? '';
}

function firstLine(command: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0] : undefined;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
