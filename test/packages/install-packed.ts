import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../docs/fenced-blocks.ts';

const run = promisify(execFile);

export interface PackedPackages {
  /** Makes an empty folder and installs the named packages there, as `npm install` of a released version would. */
  installIn(name: string, packages: readonly PackageName[]): Promise<InstalledFolder>;
  remove(): Promise<void>;
}

export type PackageName = 'quietproof' | '@quietproof/client' | '@quietproof/verify';

export interface InstalledFolder {
  readonly path: string;
  /** Runs an installed program with its words, without colour and without a terminal. */
  run(program: 'quietproof' | 'quietproof-verify' | 'node', ...words: string[]): Promise<RunResult>;
}

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Packs the packages from the built tree. */
export async function packPackages(): Promise<PackedPackages> {
  const root = await mkdtemp(path.join(tmpdir(), 'quietproof-packed-'));
  const words = ['pack', '--ignore-scripts', '--pack-destination', root];
  const workspaces = ['src/verify', 'src/client'].flatMap((folder) => ['--workspace', folder]);
  await run('npm', [...words, ...workspaces, '--include-workspace-root'], { cwd: ROOT });
  const files = await readdir(root);
  const tarball = (name: PackageName) => {
    const start = name.replace('@', '').replace('/', '-');
    return path.join(root, files.find((file) => new RegExp(`^${start}-\\d.*\\.tgz$`).test(file))!);
  };
  return {
    async installIn(name, packages) {
      const folder = path.join(root, name);
      await mkdir(folder);
      await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n');
      const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];
      await run('npm', [...install, ...packages.map(tarball)], { cwd: folder });
      return { path: folder, run: (program, ...rest) => runIn(folder, program, rest) };
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

async function runIn(cwd: string, program: string, words: readonly string[]): Promise<RunResult> {
  const command = program === 'node' ? process.execPath : path.join(cwd, 'node_modules/.bin', program);
  // The native prover is not in the packages.
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1' };
  delete env.QUIETPROOF_BACKEND;
  try {
    return { code: 0, ...(await run(command, [...words], { cwd, env })) };
  } catch (error) {
    const { code, stdout, stderr } = error as RunResult;
    return { code, stdout, stderr };
  }
}
