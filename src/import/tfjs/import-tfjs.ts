import { dirname, resolve } from 'node:path';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { FloatGraph } from '../../graph/float-graph.ts';
import { chosenOutputs } from '../chosen-outputs.ts';
import { rowsOf } from '../final-tensor.ts';
import { GraphBuilder } from '../graph-builder.ts';
import { hashModelFiles, modelNameOf } from '../model-file.ts';
import { importGraphModel } from './graph-model/import-graph-model.ts';
import { importInputs } from './input-layer.ts';
import { readTfjsFiles, type TfjsFiles } from './model-files.ts';
import { ModelRun } from './model-run.ts';
import { readWeights } from './read-weights.ts';
import { type LayerSpec, readTopology, type Topology } from './topology.ts';
import { unknownIn, unknownLayers } from './unknown-layers.ts';
import { WeightTable } from './weight-table.ts';

/**
 * Reads a TensorFlow.js model (`model.json` and its weight shards), of layers or of a graph, into a float graph, without fusing anything.
 * Input rows have Keras' layout, usually channels last.
 *
 * @param path the `.json` file
 * @param outputs the outputs to prove, by name of their layer; all by default
 * @throws QuietproofError QP1002 and QP20xx for files, QP21xx and QP22xx for their contents
 */
export async function importTfjs(path: string, outputs?: readonly string[]): Promise<FloatGraph> {
  const files = await readTfjsFiles(path);
  const builder = new GraphBuilder(modelNameOf(path, dirname(resolve(path))), files.file);
  const producer = files.producer === '' ? {} : { producer: files.producer };
  const source = {
    format: 'tfjs',
    file: files.file,
    sha256: hashModelFiles(files.all),
    ...producer,
  } as const;
  if (files.kind === 'graph') return importGraphModel(files, builder, source, outputs);
  return importLayers(files, builder, source, outputs);
}

/** The outputs of the model on its inputs. */
function importLayers(
  files: TfjsFiles,
  builder: GraphBuilder,
  source: FloatGraph['source'],
  wanted: readonly string[] | undefined,
): FloatGraph {
  const topology = readTopology(files.topology, files.file);
  const weights = new WeightTable(readWeights(files));
  const all = topology.outputs.map(({ name }) => name);
  const names = chosenOutputs(all, wanted, files.file);
  const isWhole = names.length === all.length;
  const unknown = isWhole ? unknownIn(topology) : [];
  if (unknown.length > 0) throw unknownLayers(builder, unknown);
  const inputs = importInputs(builder, inputLayers(topology, files.file), files.file);
  const run = new ModelRun({ builder, weights, name: files.file, calls: 0 }, topology, inputs);
  const outputs = topology.outputs.filter(({ name }) => names.includes(name));
  const finals = outputs.flatMap((output) => {
    const { view, head } = run.result(output);
    const own = { name: output.name, view, head: head?.kind ?? 'none' } as const;
    return rowsOf(own, view.shape, builder.batch);
  });
  const unused = weights.unused();
  if (unused !== undefined && isWhole) {
    throw broken('QP2206', `no layer uses the weight "${unused}"`, files.file);
  }
  return builder.finish(source, finals, all.length > 1 || finals.length > 1);
}

function inputLayers({ inputs, layers }: Topology, file: string): LayerSpec[] {
  return inputs.map((name) => {
    const input = layers.get(name);
    if (input?.className === 'InputLayer') return input;
    throw broken('QP2111', `"${name}" is no input layer`, file);
  });
}

function broken(code: 'QP2111' | 'QP2206', what: string, where: string): QuietproofError {
  return new QuietproofError(code, { what, where, fix: 'Save or convert the model again' });
}
