import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Everything that `npm run typecheck` reads. */
const COPIED = [
  'src',
  'test',
  'bench',
  'package.json',
  'tsconfig.base.json',
  'tsconfig.test.json',
  'vitest.config.ts',
];
const NOT_COPIED = /(^|[\\/])(dist|node_modules|fixtures|vectors)$/;

/** A change of one file: a text that occurs in it exactly once, and its replacement. */
export interface Edit {
  /** Relative to the root of the repository, with forward slashes. */
  readonly file: string;
  readonly text: string;
  readonly replacement: string;
}

/** A made-up variant that is added to the sources, and the files that the type checker then refuses. */
export interface MadeUpVariant {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Every file that has to know about it, sorted. */
  readonly expected: readonly string[];
}

/** A copy of the sources and tests in a temporary folder, to be type-checked with changes. */
export class SourceCopy {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(): Promise<SourceCopy> {
    const folder = await mkdtemp(path.join(tmpdir(), 'quietproof-variants-'));
    const isSource = (file: string) => !NOT_COPIED.test(path.relative(ROOT, file));
    for (const name of COPIED) {
      await cp(path.join(ROOT, name), path.join(folder, name), { recursive: true, filter: isSource });
    }
    await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
    return new SourceCopy(folder);
  }

  /** Files with type errors after the edits, sorted. The edits are undone afterwards. */
  async refusedFiles(edits: readonly Edit[]): Promise<string[]> {
    const originals = new Map<string, string>();
    try {
      for (const edit of edits) await this.#apply(edit, originals);
      return await this.#typeCheck();
    } finally {
      for (const [file, text] of originals) await writeFile(file, text);
    }
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }

  async #apply({ file, text, replacement }: Edit, originals: Map<string, string>): Promise<void> {
    const place = path.join(this.#folder, file);
    const before = await readFile(place, 'utf8');
    if (before.split(text).length !== 2) throw new Error(`${file} does not hold once: ${text}`);
    if (!originals.has(place)) originals.set(place, before);
    await writeFile(
      place,
      before.replace(text, () => replacement),
    );
  }

  async #typeCheck(): Promise<string[]> {
    const files = new Set<string>();
    for (const line of (await this.#compilerOutput()).split('\n')) {
      const [, file] = /^(\S[^(]*)\(\d+,\d+\): error TS\d+: /.exec(line) ?? [];
      if (file !== undefined) files.add(file.replaceAll('\\', '/'));
      // Continuation lines of a message are indented.
      else if (/^\S/.test(line)) throw new Error(`the compiler says: ${line}`);
    }
    return Array.from(files).sort();
  }

  #compilerOutput(): Promise<string> {
    const compiler = path.join(ROOT, 'node_modules/typescript/bin/tsc');
    // Each check begins with what the last one found about the files that are as they were.
    const args = [compiler, '-p', 'tsconfig.test.json', '--pretty', 'false', '--incremental'];
    // Checkers beside each other check much of the same again: a fifth of the CPU time.
    args.push('--checkers', '1');
    return new Promise((resolve, reject) => {
      execFile(process.execPath, args, { cwd: this.#folder, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
        // With type errors the exit status is 1 or 2; a compiler that did not run has no output.
        if (error !== null && stdout === '') reject(new Error(`${error.message}\n${stderr}`));
        else resolve(stdout);
      });
    });
  }
}
