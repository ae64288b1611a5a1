import type * as Core from '@tensorflow/tfjs-core';
import type * as Layers from '@tensorflow/tfjs-layers';
import { isObject } from '../../import/tfjs/json-value.ts';
import { readTfjsFiles, type TfjsFiles } from '../../import/tfjs/model-files.ts';
import { readTopology } from '../../import/tfjs/topology.ts';
import type { FloatReference } from './reference.ts';
import { openGraphReference } from './tfjs-graph.ts';
import { refusedByTfjs } from './tfjs-refusal.ts';

/** The needed part of TensorFlow.js, from whichever package. */
interface Library {
  readonly name: string;
  readonly version: string;
  readonly core: Pick<typeof Core, 'env' | 'tensor' | 'dispose'>;
  readonly loadLayersModel: typeof Layers.loadLayersModel;
}

/**
 * Opens a LayersModel in tfjs-node if that is installed and loads, else in the portable library, which also runs graph
 * models. No network access: the files are read here.
 *
 * @param path the `.json` file
 * @param outputs names of the outputs that `run` returns; all by default
 * @throws QuietproofError QP3010 if the library refuses the model, QP1002, QP20xx and QP22xx for its files
 */
export async function openTfjsReference(path: string, outputs?: readonly string[]): Promise<FloatReference> {
  const files = await readTfjsFiles(path);
  if (files.kind === 'graph') {
    return openGraphReference(files, artifacts(files), outputs).catch((cause: unknown) => {
      throw refusedByTfjs(files.file, cause);
    });
  }
  const library = (await loadNative()) ?? (await loadPortable());
  const { core } = library;
  // Production mode prints no hints on the console.
  core.env().set('PROD', true);
  const model = await library
    .loadLayersModel({ load: async () => artifacts(files) })
    .catch((cause: unknown) => {
      throw refusedByTfjs(files.file, cause);
    });
  const parts = model.inputs.map(({ shape, dtype }) => ({
    shape: (shape as (number | null)[]).map((dim) => dim ?? 1),
    dtype: dtype === 'int32' || dtype === 'bool' ? 'int32' : 'float32',
  }));
  const names = readTopology(files.topology, files.file).outputs.map(({ name }) => name);
  const places = (outputs ?? names).map((name) => names.indexOf(name));
  return {
    name: library.name,
    version: library.version,
    async run(row) {
      let first = 0;
      const inputs = parts.map(({ shape, dtype }) => {
        const count = shape.reduce((product, dim) => product * dim, 1);
        const own = row.subarray(first, first + count);
        first += count;
        return dtype === 'int32'
          ? core.tensor(Int32Array.from(own), shape, 'int32')
          : core.tensor(Float32Array.from(own), shape, 'float32');
      });
      // A fixed batch must not be divided.
      const batchSize = Math.max(1, ...parts.map(({ shape }) => shape[0] ?? 1));
      const results = [model.predict(inputs.length === 1 ? inputs[0]! : inputs, { batchSize })].flat();
      const values: number[] = [];
      for (const place of places) for (const value of await results[place]!.data()) values.push(value);
      core.dispose([...inputs, ...results]);
      return Float64Array.from(values);
    },
    async close() {
      model.dispose();
    },
  };
}

/**
 * tfjs-node is an optional peer dependency: installing it downloads TensorFlow, which fails offline, and it does not
 * load on Node 23 and later.
 */
async function loadNative(): Promise<Library | undefined> {
  const name: string = '@tensorflow/tfjs-node';
  // TensorFlow's C++ code logs to stderr; level 2 shows only errors.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  try {
    const loaded = (await import(name)) as { default?: unknown };
    const tf = (loaded.default ?? loaded) as typeof Core &
      typeof Layers & { version: Record<string, string> };
    return {
      name: 'tfjs-node',
      version: tf.version['tfjs-node'] ?? tf.version.tfjs ?? '',
      core: tf,
      loadLayersModel: tf.loadLayersModel,
    };
  } catch {
    return undefined;
  }
}

/** Only core, layers and the CPU backend: the umbrella package adds browser backends and an install script. */
async function loadPortable(): Promise<Library> {
  const core = await import('@tensorflow/tfjs-core');
  core.env().set('PROD', true);
  await import('@tensorflow/tfjs-backend-cpu');
  const { loadLayersModel, version_layers: version } = await import('@tensorflow/tfjs-layers');
  return { name: 'tfjs', version, core, loadLayersModel };
}

function artifacts(files: TfjsFiles): Core.io.ModelArtifacts {
  const weightSpecs = files.groups.flatMap((group) => group.weights) as Core.io.WeightsManifestEntry[];
  const bytes = Buffer.concat(files.data);
  return {
    modelTopology: files.topology,
    ...(isObject(files.signature) && { signature: files.signature }),
    ...(files.kind === 'graph' && { format: 'graph-model' }),
    weightSpecs,
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
  };
}
