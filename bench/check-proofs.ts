import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type AnyBundle,
  parseAnyBundle,
  parseAnyModelRecord,
  prepareModel,
  type Reading,
  readingOf,
  verifyBundle,
} from '@quietproof/verify';
import { listBundles } from '#dist/bundle/batch-names.js';
import { bundleText, modelIdOf, packBundle } from '#dist/index.js';
import { executeInteger } from '#dist/integer/execute.js';
import type { IntegerGraph } from '#dist/integer/integer-graph.js';
import { parseIntegerGraph } from '#dist/integer/integer-graph-json.js';
import { type DataRow, encodeRows } from '#dist/prove/encode-rows.js';
import { median } from './median.ts';

export interface CheckedProofs {
  readonly verifyMs: number;
  /** Size of the largest bundle: thin, and self-contained. */
  readonly bundleBytes: { readonly thin: number; readonly packed: number };
  /** Number of proved rows whose public outputs equal those of the integer executor. Must be all. */
  readonly agreeing: number;
  /** Number of proved rows with an accepted verdict. Must be all. */
  readonly accepted: number;
}

/** Verifies every proof against the pinned model, and compares its outputs with the integer executor. */
export async function checkProofs(
  artifact: string,
  proofs: string,
  rows: readonly DataRow[],
): Promise<CheckedProofs> {
  const graph = parseIntegerGraph(await readFile(path.join(artifact, 'integer-graph.json'), 'utf8'));
  const text = await readFile(path.join(proofs, 'model.json'), 'utf8');
  const [companion, record] = [prepareModel(text), parseAnyModelRecord(text)];
  const model = await modelIdOf(artifact);
  const reading = readingOf(record.interface);
  const encoded = encodeRows(reading.input, rows, false);
  const times: number[] = [];
  const sizes: { thin: number; packed: number }[] = [];
  let agreeing = 0;
  let accepted = 0;
  for (const file of await listBundles(proofs)) {
    const text = await readFile(file, 'utf8');
    const started = performance.now();
    const verdict = verifyBundle(text, { model, companion });
    times.push(performance.now() - started);
    const bundle = parseAnyBundle(text);
    sizes.push({ thin: bundleText(bundle).length, packed: bundleText(packBundle(bundle, record)).length });
    const row = encoded.find(({ index }) => index === verdict.row);
    if (verdict.accepted) accepted += 1;
    if (row !== undefined && statesOutputs(bundle, expectedOutputs(graph, row.integers, reading)))
      agreeing += 1;
  }
  const largest = (kind: 'thin' | 'packed') => Math.max(...sizes.map((size) => size[kind]));
  return {
    verifyMs: median(times),
    bundleBytes: { thin: largest('thin'), packed: largest('packed') },
    agreeing,
    accepted,
  };
}

/** The first public signals of a row: the executor's outputs minus their lower bounds in the interface. */
function expectedOutputs(graph: IntegerGraph, integers: ArrayLike<number>, { outputs }: Reading): string[] {
  const values = executeInteger(graph, integers);
  const lows = outputs.flatMap((output) => (output.kind === 'scores' ? output.lo : [0n]));
  return Array.from(graph.statement.outputs, (id, i) => String(BigInt(values[id]!) - lows[i]!));
}

function statesOutputs({ publicSignals }: AnyBundle, expected: readonly string[]): boolean {
  return expected.every((value, i) => value === publicSignals[i]);
}
