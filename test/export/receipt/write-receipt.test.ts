import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type BundleV2,
  bundleInReceipt,
  fileJson,
  parseAnyBundle,
  parseBundle,
  verifyBundle,
} from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assembleBundle } from '../../../src/bundle/assemble-bundle.ts';
import { writeBundle, writeModelRecord } from '../../../src/bundle/batch-folder.ts';
import { bundlePath } from '../../../src/bundle/batch-names.ts';
import { runCli } from '../../cli/support/run-cli.ts';
import { honest, trustFile } from '../../conformance/make/v2/trust/honest.ts';
import { base } from '../../conformance/materialise.ts';
import { digestFixture, digestRecord, publicBundle } from '../../verify/support/corpus.ts';

const model = digestRecord();
let root: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'receipt-'));
  await mkdir(path.join(root, 'proofs'));
  await writeModelRecord(path.join(root, 'proofs', 'model.json'), model);
  const bundle = assembleBundle(model, { ...digestFixture.proofs[0]!, row: { index: 0 } });
  await writeBundle(bundlePath(path.join(root, 'proofs'), 0), bundle);
  await writeBundle(path.join(root, 'alone.proof.json'), bundle);
  await writeBundle(path.join(root, 'public.proof.json'), publicBundle());
  const bad = publicBundle();
  await writeBundle(path.join(root, 'bad.proof.json'), {
    ...bad,
    proof: { ...bad.proof, pi_a: bad.proof.pi_c },
  });
});
afterAll(() => rm(root, { recursive: true }));

const receipt = (...words: string[]) => runCli(['receipt', ...words], root);

test('contains a thin bundle packed, and is named after it', async () => {
  const { code, stdout } = await receipt('proofs/000000.proof.json', '--json');
  expect(code).toBe(0);
  const { file, size } = JSON.parse(stdout);
  expect(file).toBe('proofs/000000.receipt.html');
  const html = await readFile(path.join(root, file), 'utf8');
  expect(size).toBe(Buffer.byteLength(html));
  expect(verifyBundle(html, { model: model.ids.modelId }).accepted).toBe(true);
});

test.each(['mixed', 'open'])(
  'packs a thin bundle of version 2 (%s), and takes a packed one as it is',
  async (name) => {
    const text = base(`${name}-a.proof.json`, 'bundles-v2');
    const { model: record, ...thin } = parseAnyBundle(text) as BundleV2;
    await mkdir(path.join(root, name));
    await writeFile(path.join(root, name, 'thin.proof.json'), fileJson(thin));
    await writeFile(path.join(root, name, 'packed.proof.json'), text);
    await writeFile(path.join(root, name, 'model.json'), fileJson(record));
    for (const kind of ['thin', 'packed']) {
      expect(await receipt(`${name}/${kind}.proof.json`)).toMatchObject({ code: 0 });
      const html = await readFile(path.join(root, name, `${kind}.receipt.html`), 'utf8');
      expect(new TextDecoder().decode(bundleInReceipt(html))).toBe(text);
    }
  },
);

test('the same bundle gives the same receipt', async () => {
  await receipt('public.proof.json', '--out', 'a.html');
  await receipt('public.proof.json', '--out', 'b.html');
  expect(await readFile(path.join(root, 'a.html'))).toEqual(await readFile(path.join(root, 'b.html')));
});

test.each([
  ['bad.proof.json', 1, /^QP7953 .*QP7505/],
  ['alone.proof.json', 2, /^QP7101 /],
  ['nowhere.proof.json', 2, /^QP1002 /],
])('%s is refused, and nothing is written', async (file, code, stderr) => {
  expect(await receipt(file, '--out', 'no.html')).toMatchObject({
    code,
    stderr: expect.stringMatching(stderr),
  });
  expect(await readdir(root)).not.toContain('no.html');
});

test('a file that is not a bundle is refused with the code of the verifier', async () => {
  await writeFile(path.join(root, 'no.proof.json'), '[]');
  expect((await receipt('no.proof.json')).stderr).toMatch(/^QP70/);
});

describe('who vouches for the model', () => {
  const { ada, grace, audit, bank } = honest();

  beforeAll(async () => {
    await mkdir(path.join(root, 'statements'));
    await writeFile(path.join(root, 'vouched.proof.json'), base('ceremony-a.proof.json', 'bundles-v2'));
    await writeFile(path.join(root, 'trust.json'), JSON.stringify(trustFile()));
    for (const [name, text] of Object.entries({ ada, grace, audit, bank })) {
      await writeFile(path.join(root, 'statements', `${name}.json`), text);
    }
  });
  const asked = ['--trust', 'trust.json', '--statements'];

  test('is put into the page, without paths of its sender', async () => {
    const { code, stdout, stderr } = await receipt(
      ...['vouched.proof.json', ...asked, 'statements', '--out', 'all.html', '--json'],
    );
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout).told.rules).toMatchObject([{ met: true }, { met: true }, { met: true }]);
    const html = await readFile(path.join(root, 'all.html'), 'utf8');
    const [, told] = /id="quietproof-told">([^<]*)</.exec(html)!;
    const { statements } = JSON.parse(Buffer.from(told!, 'base64').toString());
    expect(statements.map(({ name }: { name: string }) => name)).toEqual(
      ['ada', 'audit', 'bank', 'grace'].map((name) => `${name}.json`),
    );
    // A verifier takes nothing from it.
    const verdict = verifyBundle(html);
    expect(verdict).toMatchObject({ outcome: 'unpinned' });
    expect(verdict).not.toHaveProperty('trust');
  });

  test('only as far as it counts; what is missing is only claimed', async () => {
    await writeFile(path.join(root, 'foreign.json'), ada.replace('"sig":"', '"sig":"A'));
    const words = ['statements/ada.json', '--statements', 'foreign.json', '--out', 'some.html'];
    const { code, stdout } = await receipt('vouched.proof.json', ...asked, ...words);
    expect(code).toBe(0);
    expect(stdout).toContain('! only claimed: contribution, for which 2 of Ada, Grace would have to sign');
    expect(stdout).toContain('! only claimed: rederivation');
    expect(stdout).toContain('! left out: foreign.json: ');
    const html = await readFile(path.join(root, 'some.html'), 'utf8');
    const [, told] = /id="quietproof-told">([^<]*)</.exec(html)!;
    expect(JSON.parse(Buffer.from(told!, 'base64').toString()).statements).toHaveLength(1);
  });

  test('says nothing without the keys of those who sign', async () => {
    const words = ['--statements', 'statements', '--out', 'no.html'];
    expect(await receipt('vouched.proof.json', ...words)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^QP1001 .*--trust/),
    });
  });
});

test('export --target browser writes the page, the module and its types', async () => {
  const { code } = await runCli(['export', 'proofs', '--target', 'browser', '--out', 'site'], root);
  expect(code).toBe(0);
  const site = path.join(root, 'site');
  expect(await readdir(site)).toEqual([
    'quietproof-verify.d.mts',
    'quietproof-verify.mjs',
    'types',
    'verify.html',
  ]);
  const page = await readFile(path.join(site, 'verify.html'), 'utf8');
  expect(verifyBundle(page).code).toBe('QP7011');
  expect(page.includes('<script type="text/plain" id="quietproof-model">')).toBe(true);
  const module = await import(path.join(site, 'quietproof-verify.mjs'));
  const bundle = parseBundle(await readFile(path.join(root, 'public.proof.json')));
  expect(module.parseBundle(await readFile(path.join(root, 'public.proof.json')))).toEqual(bundle);
  expect(await readdir(path.join(site, 'types'))).toContain('index.d.ts');
});
