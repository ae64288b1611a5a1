/** Producer, contributors, auditor and reader, each in commands of their own, on a small model. */
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Verdict } from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conclude } from '../../src/rederive/rederivation.ts';
import { signRederivation } from '../../src/rederive/sign-rederivation.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { must, quietproof } from '../rederive/in-process.ts';
import { holdCurve, makePtau } from '../support/small-circuit.ts';

const MODEL = path.join('models', 'breast-cancer-logreg', 'model.onnx');
const DATA = path.join('models', 'breast-cancer-logreg', 'test.json');
const POWER = 6;
let root: string;
let release: () => Promise<void>;
const at = (...parts: string[]) => path.join(root, ...parts);
const key = (name: string) => at(`${name}.pem`);
const publicKey = async (name: string) => {
  const pem = await readFile(`${key(name)}.pub`, 'utf8');
  return pem.split('\n')[1]!;
};

const WHO = ['bank', 'ada', 'bo', 'audit'];
/** The file of each statement. */
const FILES: Record<string, string> = {};

beforeAll(async () => {
  release = await holdCurve();
  root = await mkdtemp(path.join(tmpdir(), 'vouching-'));
  const ptau = await makePtau(root, POWER);
  for (const name of WHO) await must('keygen', key(name));
  // The producer compiles, starts the ceremony, and sends the key to Ada, who sends it to Bo.
  await must(
    ...['compile', MODEL, '--calibration', DATA, '--input', 'public', '--bits', '8'],
    ...['--output', 'label', '--out', at('artifact'), '--accept-loss'],
  );
  await must('setup', at('artifact'), '--ptau', ptau);
  await mkdir(at('ada'));
  await mkdir(at('bo'));
  await copyFile(at('artifact', 'circuit.zkey'), at('ada', 'received.zkey'));
  await must(
    ...['contribute', at('ada', 'received.zkey'), '--name', 'Ada', '--out', at('ada', 'sent.zkey')],
    ...['--sign', key('ada')],
  );
  await must('contribute', at('ada', 'sent.zkey'), '--name', 'Bo', '--out', at('bo', 'sent.zkey'));
  await must('sign', 'contribution', at('bo', 'sent.zkey'), '--key', key('bo'));
  await must('setup', at('artifact'), '--import', at('bo', 'sent.zkey'));
  await must('sign', 'release', at('artifact'), '--key', key('bank'));
  const proved = await runCli([
    ...['prove', at('artifact'), '--inputs', DATA, '--rows', '0', '--out', at('proofs')],
  ]);
  expect(proved.code, proved.stderr).toBe(0);
  // The auditor has the model file, the key, and what was published.
  const signed = await quietproof(
    ...['rederive', at('artifact'), '--model', MODEL, '--calibration', DATA],
    ...['--zkey', at('artifact', 'circuit.zkey'), '--ptau', ptau, '--sign', key('audit')],
    ...['--statements', at('ada'), '--statements', at('bo'), '--states', at('ada', 'sent.zkey')],
  );
  expect(signed.code, signed.stdout + signed.stderr).toBe(0);
  await mkdir(at('statements'));
  for (const folder of ['ada', 'bo', path.join('artifact', 'statements')]) {
    for (const file of await readdir(at(folder))) {
      if (!file.endsWith('.json')) continue;
      const name = file.replace(/-[0-9a-f]{8}\.json$/, '');
      FILES[name.startsWith('release') ? 'release' : name] = at('statements', file);
      await copyFile(at(folder, file), at('statements', file));
    }
  }
  await writeFile(at('trust.json'), JSON.stringify(await trustFile(ptau)));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
  await release();
});

async function trustFile(ptau: string) {
  const blake2b = JSON.parse(await readFile(at('artifact', 'setup.json'), 'utf8')).record.ptau.blake2b;
  const keys = async (name: string) => [{ key: await publicKey(name), state: 'active' }];
  return {
    version: 'quietproof/trust/v1',
    parties: {
      'Nordbank AG': { role: 'producer', keys: await keys('bank') },
      Ada: { keys: await keys('ada') },
      Bo: { keys: await keys('bo') },
      'Audit GmbH': { keys: await keys('audit') },
    },
    rules: [
      { what: 'contribution', least: 2, by: ['Ada', 'Bo'] },
      { what: 'rederivation', least: 1, by: ['Audit GmbH'] },
      { what: 'release', least: 1, by: ['Nordbank AG'] },
    ],
    phase1: [{ blake2b, name: path.basename(ptau) }],
  };
}

async function verified(...words: string[]): Promise<{ readonly code: number; readonly verdict: Verdict }> {
  const bundle = at('proofs', '000000.proof.json');
  const { code, stdout } = await quietproof(
    'verify',
    bundle,
    '--trust',
    at('trust.json'),
    ...words,
    '--json',
  );
  return { code, verdict: JSON.parse(stdout).verdicts[0].verdict };
}

const check = ({ verdict }: { readonly verdict: Verdict }, id: string) =>
  verdict.checks.find((one) => one.id === id)!;

describe('a model for which others vouch', () => {
  it('is valid, and the verdict names them', async () => {
    const found = await verified('--statements', at('statements'));
    expect(found.verdict.headline).toMatch(/^Valid for model/);
    expect(found).toMatchObject({ code: 0, verdict: { outcome: 'valid', accepted: true } });
    expect(check(found, 'setup')).toMatchObject({
      status: 'pass',
      detail: expect.stringMatching(/Ada, Bo contributed; Audit GmbH derived the whole key again/),
    });
    expect(check(found, 'model')).toMatchObject({
      status: 'pass',
      detail: expect.stringMatching(/released by Nordbank AG; no retirement among the statements given/),
    });
    expect(found.verdict.trust?.statements.every(({ counts }) => counts)).toBe(true);
  });

  it.each([
    ['contribution-1', 'setup', 'contribution by 2 of Ada, Bo: 1 (Bo) among the statements given'],
    ['contribution-2', 'setup', 'contribution by 2 of Ada, Bo: 1 (Ada) among the statements given'],
    [
      'rederivation',
      'setup',
      'contribution by 2 of Ada, Bo: none among the statements given; rederivation by Audit GmbH: none among the statements given',
    ],
    ['release', 'model', 'release by Nordbank AG: none among the statements given'],
  ])('is only claimed without %s, and the verdict says what of it', async (left, id, what) => {
    const rest = Object.entries(FILES).filter(([name]) => name !== left);
    expect(rest).toHaveLength(3);
    const found = await verified(...rest.flatMap(([, file]) => ['--statements', file]));
    expect(found).toMatchObject({
      code: 2,
      verdict: { outcome: 'incomplete', accepted: false, missing: ['statement'] },
    });
    expect(check(found, id)).toMatchObject({ status: 'claimed', code: 'QP7224' });
    expect(check(found, id).detail).toContain(`nly claimed: ${what}`);
    const other = id === 'setup' ? 'model' : 'setup';
    expect(check(found, other).status).toBe('pass');
  });

  it('says in text what is missing, and how to give it', async () => {
    const bundle = at('proofs', '000000.proof.json');
    const { code, stdout } = await quietproof('verify', bundle, '--trust', at('trust.json'));
    expect(code).toBe(2);
    expect(stdout).toContain('Not enough given: QP7224');
    expect(stdout).toContain('--statements <file or folder>');
  });

  it('signs no re-derivation that does not end at the key, and no beacon', async () => {
    const words = [
      'rederive',
      at('artifact'),
      '--model',
      MODEL,
      '--sign',
      key('audit'),
      '--out',
      at('none.json'),
    ];
    const { code, stdout } = await quietproof(...words);
    expect(code).toBe(1);
    expect(stdout).toContain('Nothing was signed');
    await expect(stat(at('none.json'))).rejects.toThrow();
    const broken = conclude([{ link: 'key', status: 'missing', what: 'no zkey' }]);
    const signing = signRederivation(at('artifact'), broken, { key: key('audit'), zkey: undefined });
    await expect(signing).rejects.toMatchObject({ code: 'QP7913' });
    const beyond = await quietproof(
      'sign',
      'contribution',
      at('artifact'),
      '--key',
      key('bo'),
      '--index',
      '3',
    );
    expect(beyond).toMatchObject({ code: 2, stderr: expect.stringContaining('QP7912') });
  });

  it('prints no private key, and keeps it from others', async () => {
    const { stdout } = await quietproof('keygen', at('new.pem'));
    const secret = (await readFile(at('new.pem'), 'utf8')).split('\n')[1]!;
    expect(stdout).not.toContain(secret);
    expect((await stat(at('new.pem'))).mode & 0o777).toBe(0o600);
    const again = await quietproof('keygen', at('new.pem'));
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('QP1004');
  });
});
