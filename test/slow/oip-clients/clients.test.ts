import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artifactInput, compileModel, ModelAnswerer, readRows, setUpArtifact } from '#dist/index.js';
import { openAnsweringApp } from '#dist/server/http/open-app.js';
import { readExpectedModel } from '#dist/watch/expected-models.js';
import { RunningWatch } from '#dist/watch/run-watch.js';
import type { WatchReport } from '../../../src/watch/report.ts';
import { recordingProxy } from './recording-proxy.ts';

const CANCER = 'test/fixtures/artifact-0.1/breast-cancer-logreg';
const CREDIT = 'test/fixtures/sklearn/german-credit';
const RECORDED = 'test/fixtures/oip/requests.json';
/** An interpreter that has what requirements.txt lists. */
const PYTHON = process.env.OIP_PYTHON ?? 'python3';
/** Of numbers and of texts, in clients.py. */
const [FORMS, TEXT_FORMS] = [13, 2];
const run = promisify(execFile);

const missing = await run(PYTHON, ['-c', 'import tritonclient.http, kserve']).then(
  () => undefined,
  () => `no tritonclient and kserve in ${PYTHON}: pip install -r test/slow/oip-clients/requirements.txt`,
);
if (missing !== undefined) console.log(`Skipped: ${missing}`);

describe.skipIf(missing !== undefined)('clients of the Open Inference Protocol', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'oip-'));
    await compile('credit', path.join(CREDIT, 'credit.onnx'), path.join(CREDIT, 'credit.csv'));
  }, 600_000);

  /** An artifact of this version, which can promise answers: that of the fixture cannot. */
  async function compile(name: string, model: string, calibration: string): Promise<string> {
    const out = path.join(root, name);
    await compileModel({ model, calibration, out, name });
    await setUpArtifact(out, { source: { kind: 'development' }, behaviour: { count: 1 } });
    return out;
  }

  afterAll(() => rm(root, { recursive: true, force: true }));

  const models = (cancer: string) => [
    { artifactDir: cancer, name: 'cancer' },
    { artifactDir: path.join(root, 'credit'), name: 'credit' },
  ];

  it('get the numbers of the executor, in every form', { timeout: 600_000 }, async () => {
    const { app } = await openAnsweringApp({ models: models(CANCER), serverVersion: '0.0.0' });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const proxy = await recordingProxy((app.server.address() as AddressInfo).port);
    await expectAnswers(proxy.url, CANCER);
    await app.close();
    proxy.close();
    if (process.env.OIP_RECORD !== undefined) await record(proxy.sent().flat());
  });

  it('get them through a watch, which keeps and checks what was promised of each', {
    timeout: 1_200_000,
  }, async () => {
    const folder = 'models/breast-cancer-logreg';
    const cancer = await compile('cancer', path.join(folder, 'model.onnx'), path.join(folder, 'test.json'));
    const { app } = await openAnsweringApp({
      models: models(cancer),
      serverVersion: '0.0.0',
      seal: {
        folder: path.join(root, 'endpoint'),
        origin: 'log.example/clients',
        key: generateKeyPairSync('ed25519').privateKey,
        policy: { prove: 'on-demand', within: 3600, retention: 86_400 },
        publishEvery: 20,
        workers: 1,
      },
    });
    const upstream = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
    const watch = await RunningWatch.open({
      upstream,
      models: await Promise.all(models(cancer).map(({ artifactDir }) => readExpectedModel(artifactDir))),
      state: path.join(root, 'watch'),
      policy: { ask: 0.2, askAfter: 1 },
      every: 1000,
    });
    const { rows, applicants } = await expectAnswers(await watch.listen('127.0.0.1', 0), cancer);
    const settled = ({ models: all, unexamined }: WatchReport) =>
      unexamined === 0 && all.every((one) => one.waitingForLog === 0 && one.waitingForProof === 0);
    let report = await watch.report();
    while (!settled(report)) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      report = await watch.report();
    }
    await watch.close();
    await app.close();
    expect([report.alarms, report.troubles, report.unchecked]).toEqual([[], [], 0]);
    expect(report.models.map(({ answers }) => answers)).toEqual([FORMS * rows, TEXT_FORMS * applicants]);
    expect(report.models.reduce((sum, { proved }) => sum + proved, 0)).toBeGreaterThan(0);
  });

  /** Asks in every form. @returns how many rows each form has */
  async function expectAnswers(
    url: string,
    artifactDir: string,
  ): Promise<{ readonly rows: number; readonly applicants: number }> {
    const { inputs } = JSON.parse(await readFile('models/breast-cancer-logreg/test.json', 'utf8'));
    const rows: number[][] = inputs.slice(0, 3);
    const applicants = await creditRows();
    await writeFile(path.join(root, 'rows.json'), JSON.stringify(rows));
    await writeFile(path.join(root, 'credit.json'), JSON.stringify(applicants));
    const { stdout } = await run(PYTHON, [
      'test/slow/oip-clients/clients.py',
      url,
      path.join(root, 'rows.json'),
      path.join(root, 'credit.json'),
    ]);
    const answers = JSON.parse(stdout);
    const cancer = await ModelAnswerer.open(artifactDir);
    const expected = rows.map((row) => {
      const [own] = cancer.decode(cancer.answer(cancer.encode(row.map(Math.fround))));
      return own!.answer.kind === 'decision' ? Number(own!.answer.value) : Number.NaN;
    });
    const forms = Object.keys(answers).filter(
      (name) => Array.isArray(answers[name]) && !name.includes('texts'),
    );
    expect(forms).toHaveLength(FORMS);
    for (const form of forms) expect(answers[form], form).toEqual(expected);
    expect([answers['triton NaN'], answers['triton range']]).toEqual(['400 QP6201', '400 QP6201']);
    const credit = await ModelAnswerer.open(path.join(root, 'credit'));
    const labels = applicants.map((row) => {
      const { answer } = credit.decode(credit.answer(credit.encode(Object.values(row))))[0]!;
      return answer.kind === 'label' ? ([answer.index, answer.name] as const) : undefined;
    });
    for (const form of ['triton texts binary', 'triton texts json']) {
      expect(answers[form], form).toEqual([labels.map((own) => own![0]), labels.map((own) => own![1])]);
    }
    return { rows: rows.length, applicants: applicants.length };
  }

  async function creditRows(): Promise<Record<string, number | string>[]> {
    const form = await artifactInput(path.join(root, 'credit'));
    const { rows } = await readRows(path.join(CREDIT, 'applicants.csv'), form);
    return rows.slice(0, 2).map((row) =>
      Object.fromEntries(
        Array.from(row, (value, i) => {
          const accepted = form.accepts?.[i];
          return [form.parts![i]!.name, typeof accepted === 'object' ? accepted.values[value]! : value];
        }),
      ),
    );
  }
});

/** Keeps the requests about the model that is in the repository, for tests without the clients. */
async function record(requests: readonly Buffer[]): Promise<void> {
  const own = requests.filter((bytes) => bytes.includes('/v2/models/cancer'));
  const kept = own.map((bytes) => {
    const text = bytes.toString('latin1').toLowerCase();
    const client = text.includes('python-geventhttpclient') || !text.includes('httpx') ? 'triton' : 'kserve';
    return { client, bytes: bytes.toString('base64') };
  });
  await writeFile(RECORDED, `${JSON.stringify(kept, null, 1)}\n`);
}
