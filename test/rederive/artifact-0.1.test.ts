import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/data/sha256.ts';
import { importModel } from '../../src/import/import-model.ts';
import { labelledGraphJson, parseIntegerGraph } from '../../src/integer/integer-graph-json.ts';
import { circomText, graphForm } from '../../src/rederive/labelled-form.ts';
import { readClaimed } from '../../src/rederive/read-claimed.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { must, rederived } from './in-process.ts';

/** Written by version 0.1, whose integer graph and circom text contain the name of the model's folder. */
const FIXTURE = path.join('test', 'fixtures', 'artifact-0.1');
const MODEL = path.join('models', 'breast-cancer-logreg', 'model.onnx');
const DATA = path.join('models', 'breast-cancer-logreg', 'test.json');
let root: string;
let artifact: string;
let proofs: string;
let looseModel: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'artifact-0.1-'));
  await cp(FIXTURE, root, { recursive: true });
  [artifact, proofs] = [path.join(root, 'breast-cancer-logreg'), path.join(root, 'proofs')];
  looseModel = path.join(root, 'some-model.onnx');
  await copyFile(MODEL, looseModel);
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('an artifact of 0.1', () => {
  it('is proved sound, proves, and its old proofs verify', async () => {
    const before = await readFile(path.join(artifact, 'soundness.json'));
    expect(await must('check', artifact)).toContain('is proved sound');
    expect((await readFile(path.join(artifact, 'soundness.json'))).equals(before)).toBe(true);
    const out = path.join(root, 'new-proofs');
    const proved = await runCli(['prove', artifact, '--inputs', DATA, '--rows', '1', '--out', out]);
    expect(proved.code, proved.stderr).toBe(0);
    await must('verify', proofs, out, '--model', artifact);
  });

  it('is derived again from a model file outside its folder, and so is its bundle', async () => {
    const bundle = path.join(proofs, '000000.proof.json');
    for (const target of [artifact, bundle]) {
      const found = await rederived(target, '--model', looseModel, '--calibration', DATA);
      expect(found).toMatchObject({ code: 0, verdict: 'this circuit is this model', stopsAt: 'key' });
      expect(found.links.find(({ link }) => link === 'integer graph')?.what).toContain('the form of 0.1');
    }
  });

  it('breaks at its interface if that was rewritten', async () => {
    const folder = path.join(root, 'rewritten');
    await cp(artifact, folder, { recursive: true });
    const [modelInterface, manifest] = ['interface.json', 'manifest.json'].map((name) =>
      path.join(folder, name),
    );
    const text = (await readFile(modelInterface!, 'utf8')).replace('"5.21625"', '"5.25"');
    await writeFile(modelInterface!, text);
    const digest = sha256(text);
    const listed = await readFile(manifest!, 'utf8');
    await writeFile(manifest!, listed.replace(/"interface": "[0-9a-f]{64}"/, `"interface": "${digest}"`));
    const found = await rederived(folder, '--model', looseModel, '--calibration', DATA);
    expect(found).toMatchObject({ code: 1, verdict: 'broken', stopsAt: 'interface' });
  });

  it('accepts no label that could be circom code', async () => {
    const graph = parseIntegerGraph(await readFile(path.join(artifact, 'integer-graph.json'), 'utf8'));
    const claimed = await readClaimed(artifact);
    const { source } = await importModel(MODEL);
    const name = 'x\ntemplate Evil() {}';
    const digest = sha256(labelledGraphJson(graph, { name, source }));
    const renamed = {
      ...claimed,
      modelInterface: { ...claimed.modelInterface, name },
      manifest: { ...claimed.manifest, chain: { ...claimed.manifest.chain, integerGraph: digest } },
    };
    const form = graphForm(graph, source, renamed);
    expect(form.digest).not.toBe(digest);
    const [text, plain] = ['// Public signals are label', '// not taken'];
    expect(circomText({ source: text, plainSource: () => plain }, form)).toBe(text);
    expect(graphForm(graph, source, claimed).label).toBe('breast-cancer-logreg');
  });

  it('is read in version 1 of its form, and written in version 2', async () => {
    const text = await readFile(path.join(artifact, 'integer-graph.json'), 'utf8');
    const { name, source } = JSON.parse(text);
    const graph = parseIntegerGraph(text);
    expect(labelledGraphJson(graph, { name, source })).toBe(text);
    expect(Object.keys(graph.source)).toEqual(['format', 'sha256']);
  });
});
