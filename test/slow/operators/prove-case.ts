import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { compileModel, modelIdOf, proveBatch, setUpArtifact, verifyFiles } from '#dist/index.js';
import { operatorOf, tensorIn } from '../../import/onnx/backend-cases.ts';
import { provableModel } from './case-files.ts';
import { caseRows } from './case-rows.ts';

/** A third of them calibrate, and the others judge. A contract on labels needs more. */
const ROWS = 120;
const LABELLED_ROWS = 1200;

/** The largest error allowed: that of the default contract. */
export const LARGEST_ERROR = 0.01;

/** What a proof of a case says. */
export interface ProvedCase {
  readonly constraints: number;
  /**
   * The largest difference between a proved value and the one that ONNX expects, as a share of the span of the outputs of
   * all rows: what the default contract bounds. A share of the row's own values would ask for more than any contract does.
   */
  readonly error: number;
}

/**
 * Compiles a case on its own input and others near it, makes a development key, and proves and verifies its own input.
 *
 * @throws what the pipeline throws, and an Error if `check` does not prove the circuit or the proof is refused
 */
export async function proveCase(name: string): Promise<ProvedCase> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'quietproof-operator-'));
  try {
    const [model, data] = [path.join(folder, 'model.onnx'), path.join(folder, 'rows.json')];
    const [artifactDir, outDir] = [path.join(folder, 'artifact'), path.join(folder, 'proofs')];
    const cardFile = path.join(folder, 'card.json');
    const output = operatorOf(name).startsWith('Arg') ? 'label' : 'logits';
    const { rows, span, card } = await caseRows(name, output === 'label' ? LABELLED_ROWS : ROWS);
    await writeFile(model, provableModel(name));
    await writeFile(data, JSON.stringify({ inputs: rows.map((row) => [...row]) }));
    if (card !== undefined) await writeFile(cardFile, JSON.stringify(card));
    const { manifest } = await compileModel({
      ...{ model, calibration: data, out: artifactDir, output },
      ...(card !== undefined && { card: cardFile }),
    });
    const { verdict } = manifest.manifest.claims!.soundness!;
    if (verdict !== 'proved') throw new Error(`check says ${verdict}`);
    await setUpArtifact(artifactDir, { source: { kind: 'development' }, behaviour: { count: 1 } });
    const own = [{ index: 0, values: rows[0]! }];
    await proveBatch({ artifactDir, rows: own, outDir, workers: 1, backend: 'native' });
    const values = await provedValues(outDir, await modelIdOf(artifactDir));
    return {
      constraints: manifest.cost.constraints,
      error: largestError(values, tensorIn(name, 'output.pb').data) / span,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function provedValues(folder: string, model: string): Promise<number[]> {
  for await (const { verdict } of verifyFiles([folder], { model })) {
    if (!verdict.accepted) throw new Error(verdict.headline);
    return verdict.answers!.flatMap(({ answer }) => {
      if (answer.kind === 'label') return [answer.index];
      if (answer.kind !== 'logits') throw new Error(`the proof states a ${answer.kind}`);
      return answer.values.map(({ value }) => value);
    });
  }
  throw new Error('no proof was written');
}

function largestError(values: readonly number[], expected: ArrayLike<number>): number {
  if (values.length !== expected.length) return Infinity;
  return Math.max(...values.map((value, i) => Math.abs(value - expected[i]!)));
}
