import type * as Core from '@tensorflow/tfjs-core';
import { readGraphDef } from '../../import/tfjs/graph-model/graph-def.ts';
import type { TfjsFiles } from '../../import/tfjs/model-files.ts';
import type { FloatReference } from './reference.ts';
import { refusedByTfjs } from './tfjs-refusal.ts';

/**
 * Opens a graph model in the portable library: the converter's package runs it on the CPU backend.
 *
 * @param artifacts what the library loads
 * @param outputs names of the outputs that `run` returns; all by default
 */
export async function openGraphReference(
  files: TfjsFiles,
  artifacts: Core.io.ModelArtifacts,
  outputs: readonly string[] | undefined,
): Promise<FloatReference> {
  const core = await import('@tensorflow/tfjs-core');
  // Production mode prints no hints on the console.
  core.env().set('PROD', true);
  await import('@tensorflow/tfjs-backend-cpu');
  const { loadGraphModel, version_converter: version } = await import('@tensorflow/tfjs-converter');
  const model = await loadGraphModel({ load: async () => artifacts });
  const def = readGraphDef(files.topology, files.signature, files.file);
  const own = new Map(model.inputs.map((input) => [nodeOf(input.name), input]));
  const parts = def.inputs.map(({ tensor }) => ({
    node: tensor.node,
    shape: (own.get(tensor.node)?.shape ?? []).map((dim) => (dim > 0 ? dim : 1)),
    dtype: own.get(tensor.node)?.dtype ?? 'float32',
  }));
  const wanted = outputs ?? def.outputs.map(({ name }) => name);
  const nodes = wanted.map((name) => def.outputs.find((output) => output.name === name)!.tensor.node);
  return {
    name: 'tfjs-converter',
    version,
    async run(row) {
      let first = 0;
      const inputs: Record<string, Core.Tensor> = {};
      for (const { node, shape, dtype } of parts) {
        const count = shape.reduce((product, dim) => product * dim, 1);
        inputs[node] = core.tensor(Array.from(row.subarray(first, first + count)), shape, dtype);
        first += count;
      }
      const results = [execute(() => model.execute(inputs, nodes), files.file)].flat();
      const values: number[] = [];
      for (const result of results) for (const value of await result.data()) values.push(value);
      core.dispose([...Object.values(inputs), ...results]);
      return Float64Array.from(values);
    },
    async close() {
      model.dispose();
    },
  };
}

/** Some fused operations are refused only now. */
function execute<T>(run: () => T, file: string): T {
  try {
    return run();
  } catch (cause) {
    throw refusedByTfjs(file, cause);
  }
}

const nodeOf = (name: string): string => name.replace(/:\d+$/, '');
