import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artifactInput, compileModel, ModelAnswerer, readRows, setUpArtifact } from '#dist/index.js';
import { openAnsweringApp } from '#dist/server/http/open-app.js';
import { recordingProxy } from './recording-proxy.ts';

const CANCER = 'test/fixtures/artifact-0.1/breast-cancer-logreg';
const CREDIT = 'test/fixtures/sklearn/german-credit';
const RECORDED = 'test/fixtures/oip/requests.json';
/** An interpreter that has what requirements.txt lists. */
const PYTHON = process.env.OIP_PYTHON ?? 'python3';
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
    const [model, calibration] = [path.join(CREDIT, 'credit.onnx'), path.join(CREDIT, 'credit.csv')];
    await compileModel({ model, calibration, out: path.join(root, 'credit'), name: 'credit' });
    await setUpArtifact(path.join(root, 'credit'), {
      source: { kind: 'development' },
      behaviour: { count: 1 },
    });
  }, 600_000);
  afterAll(() => rm(root, { recursive: true, force: true }));

  it('get the numbers of the executor, in every form', { timeout: 600_000 }, async () => {
    const { app } = await openAnsweringApp({
      models: [
        { artifactDir: CANCER, name: 'cancer' },
        { artifactDir: path.join(root, 'credit'), name: 'credit' },
      ],
      serverVersion: '0.0.0',
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const proxy = await recordingProxy((app.server.address() as AddressInfo).port);
    const { inputs } = JSON.parse(await readFile('models/breast-cancer-logreg/test.json', 'utf8'));
    const rows: number[][] = inputs.slice(0, 3);
    const applicants = await creditRows();
    await writeFile(path.join(root, 'rows.json'), JSON.stringify(rows));
    await writeFile(path.join(root, 'credit.json'), JSON.stringify(applicants));
    const { stdout } = await run(PYTHON, [
      'test/slow/oip-clients/clients.py',
      proxy.url,
      path.join(root, 'rows.json'),
      path.join(root, 'credit.json'),
    ]);
    await app.close();
    proxy.close();
    const answers = JSON.parse(stdout);
    const cancer = await ModelAnswerer.open(CANCER);
    const expected = rows.map((row) => {
      const [own] = cancer.decode(cancer.answer(cancer.encode(row.map(Math.fround))));
      return own!.answer.kind === 'decision' ? Number(own!.answer.value) : Number.NaN;
    });
    const forms = Object.keys(answers).filter(
      (name) => Array.isArray(answers[name]) && !name.includes('texts'),
    );
    expect(forms).toHaveLength(13);
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
    if (process.env.OIP_RECORD !== undefined) await record(proxy.sent().flat());
  });

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
