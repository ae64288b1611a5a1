import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AnyBundle, fileJson, type ModelRecord } from '@quietproof/verify';
import { assembleBundle } from '../../../src/bundle/assemble-bundle.ts';
import { makeOpening } from '../../../src/bundle/make-opening.ts';
import {
  DIGEST_SALT,
  DIGEST_VALUES,
  digestBundle,
  digestFixture,
  digestRecord,
  publicBundle,
} from '../support/corpus.ts';

const built = (file: string) => fileURLToPath(new URL(`../../../${file}`, import.meta.url));

/** The two programs that verify, as built, each with the words before its operands. */
export const PROGRAMS = {
  quietproof: [built('dist/cli/main.js'), 'verify'],
  'quietproof-verify': [built('src/verify/dist/node/main.js')],
} as const;
export type Program = keyof typeof PROGRAMS;
export const PROGRAM_NAMES = Object.keys(PROGRAMS) as Program[];

export const record: ModelRecord = digestRecord();
export const modelId = record.ids.modelId;
export const otherId = publicBundle().model.ids.modelId;

/** A folder of proofs as users have them: thin ones, packed ones, damaged ones, openings. */
export class ProofFolder {
  readonly root = mkdtempSync(path.join(tmpdir(), 'verify-command-'));

  constructor() {
    this.put('proofs/model.json', record);
    for (const index of [0, 1]) this.put(`proofs/00000${index}.proof.json`, thin(index));
    this.put('proofs/private/000000.opening.json', opening);
    this.put('lone/000000.proof.json', thin(0));
    this.put('packed.proof.json', digestBundle());
    this.put('public.proof.json', publicBundle());
    this.put('bad.proof.json', { ...digestBundle(), proof: digestBundle(1).proof });
    this.put('junk.proof.json', 'junk');
  }

  put(name: string, content: object | string): string {
    const file = path.join(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : fileJson(content));
    return name;
  }

  /** Runs a program to its end. A run that hangs is killed after a minute, with status null. */
  run(program: Program, args: readonly string[], input?: string, flags: readonly string[] = []) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...flags, ...PROGRAMS[program], ...args],
      {
        cwd: this.root,
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1' },
        timeout: 60_000,
        killSignal: 'SIGKILL',
        maxBuffer: 1 << 26,
        ...(input !== undefined && { input }),
      },
    );
    return { status, stdout, stderr };
  }

  start(program: Program, args: readonly string[]) {
    return spawn(process.execPath, [...PROGRAMS[program], ...args], {
      cwd: this.root,
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}

export function thin(index: number): AnyBundle {
  return assembleBundle(record, { ...digestFixture.proofs[index]!, row: { index } });
}

export const opening = makeOpening(record, { index: 0, values: DIGEST_VALUES, salt: DIGEST_SALT });
/** DIGEST_VALUES in the units of the interface: offset −1, step 0.5. */
export const ROW = '[-0.5, 0, 0.5, 1]';
