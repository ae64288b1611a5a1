/**
 * Writes material/ in the folder above: three models whose keys come from a ceremony of two, what is signed about them,
 * and proved answers. Keys, proofs and salts are random, so that every run writes other bytes; `make-corpus.ts` makes the
 * folders of the corpus from them. It takes a minute, and is run only when formats change:
 *
 *   npm run corpus:answers && npm run corpus
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { contextSignal, EMPTY_CONTEXT, fileJson, type ModelRecordV2 } from '@quietproof/verify';
import { sealContextId } from '@quietproof/verify/seal';
import {
  type CompileOptions,
  compileModel,
  contributeToArtifact,
  ModelAnswerer,
  ProverPool,
  readRows,
  setUpArtifact,
} from '#dist/index.js';
import { assembleBundleV2 } from '../../../../src/bundle/assemble-bundle.ts';
import { makeOpeningV2 } from '../../../../src/bundle/make-opening.ts';
import { makePtau } from '../../../support/small-circuit.ts';
import { type Answer, contextOf, MATERIAL, nonceAt, ORIGIN } from './material.ts';

const MODEL = 'models/iris-mlp/model.onnx';
const DATA = 'models/iris-mlp/test.json';
/** The smallest power for the circuits of these models. */
const POWER = 10;

/** Places in the log for which each model has an answer: those of the second follow a change of model. */
const FIRST = Array.from({ length: 40 }, (_, at) => at + 1);
const SECOND = Array.from({ length: 8 }, (_, at) => at + 7);
/** Rows of answers that show their input: the first is asked twice. */
const OPEN_ROWS = [0, 20, 0];

const rows = (await readRows(DATA, { count: 4 })).rows.map((row) => Array.from(row));
const root = mkdtempSync(path.join(tmpdir(), 'corpus-'));

async function artifactOf(name: string, options: Pick<CompileOptions, 'input' | 'bits'>): Promise<string> {
  const out = path.join(root, name);
  const [calibration, output] = [DATA, 'label'] as const;
  await compileModel({ ...options, model: MODEL, calibration, output, name: 'iris', out });
  await setUpArtifact(out, { source: { kind: 'ptau', file: ptau }, behaviour: { count: 1 } });
  for (const one of ['Ada', 'Grace']) await contributeToArtifact(out, { name: one });
  return out;
}

/** Proves one row for each of these. @param place in the log, or undefined for an answer with no number of its own */
async function prove(
  artifactDir: string,
  asked: readonly { readonly row: number; readonly place?: number }[],
): Promise<{ readonly model: ModelRecordV2; readonly answers: Answer[] }> {
  const answerer = await ModelAnswerer.open(artifactDir);
  const pool = await ProverPool.open({ artifactDir, workers: 1 });
  const model = answerer.recordV2();
  const answers: Answer[] = [];
  for (const { row: at, place } of asked) {
    const row = answerer.encode(rows[at % rows.length]!);
    const order = contextOf(place ?? 0);
    const contextId = sealContextId({ origin: ORIGIN, index: place ?? 0 }, nonceAt(place ?? 0));
    const stated = answerer.state(answerer.answer(row), { callerPart: Buffer.from(order), contextId });
    const own =
      place === undefined
        ? { context: EMPTY_CONTEXT }
        : { context: contextSignal(Buffer.from(order), Buffer.from(contextId, 'hex')) };
    const { proof, publicSignals } = await pool.prove(answerer.jobOf({ ...stated, ...own }));
    const sealed = place === undefined ? {} : { statement: stated.statement };
    const bundle = assembleBundleV2(model, { proof, publicSignals, ...sealed });
    const { salt } = stated;
    answers.push({
      ...(place !== undefined && { place }),
      bundle,
      ...(salt !== null && { opening: makeOpeningV2(model, { values: row.integers, salt }) }),
    });
  }
  await pool.close();
  return { model, answers };
}

mkdirSync(MATERIAL, { recursive: true });
const ptau = await makePtau(root, POWER);
try {
  const made = {
    first: await prove(
      await artifactOf('first', { input: 'digest', bits: 8 }),
      FIRST.map((place) => ({ row: place, place })),
    ),
    second: await prove(
      await artifactOf('second', { input: 'digest', bits: 6 }),
      SECOND.map((place) => ({ row: place, place })),
    ),
    open: await prove(
      await artifactOf('open', { input: 'public', bits: 8 }),
      OPEN_ROWS.map((row) => ({ row })),
    ),
  };
  for (const [name, { model, answers }] of Object.entries(made)) {
    writeFileSync(new URL(`${name}.model.json`, MATERIAL), fileJson(model));
    writeFileSync(
      new URL(`${name}.answers.jsonl`, MATERIAL),
      answers.map((one) => `${JSON.stringify(one)}\n`).join(''),
    );
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
