import { fileJson } from '@quietproof/verify';
import { boundsTable } from '../artifact/bounds-table.ts';
import { deriveCircuit } from '../circuit/derive-circuit.ts';
import { type CompileOptions, readParts } from '../compile/compile-model.ts';
import { loadModel } from '../compile/load-model.ts';
import { modelInterface } from '../compile/model-interface.ts';
import { quantizeOnData } from '../compile/quantize-on-data.ts';
import { integerGraphJson } from '../integer/integer-graph-json.ts';
import type { DumpStage } from './dump-stages.ts';

/** One intermediate form of a model as text. Writes no file and does not run circom. */
export async function dumpStage(stage: DumpStage, options: CompileOptions): Promise<string> {
  const loaded = await loadModel(options.model, options);
  if (stage === 'float') return JSON.stringify(loaded.graph, plainArrays, 1);
  const { model } = await quantizeOnData(loaded, await readParts(loaded, options), options);
  if (stage === 'integer') return integerGraphJson(model.graph);
  const circuit = deriveCircuit(model.graph);
  if (stage === 'circom') return circuit.source;
  if (stage === 'bounds') return fileJson(boundsTable(model.graph, circuit.bounds));
  return fileJson(modelInterface(model, circuit.bounds, loaded));
}

/** Writes typed arrays as JSON arrays; by default they become objects with a key per element. */
function plainArrays(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
}
