import { basename } from 'node:path';
import type { InferenceSession } from 'onnxruntime-web';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { readModelFile } from '../../import/model-file.ts';
import { decodeModel } from '../../import/onnx/decode-model.ts';
import { loadExternalFiles } from '../../import/onnx/external-data.ts';
import { storedTensors } from '../../import/onnx/sparse-tensor.ts';
import type { FloatReference } from './reference.ts';

/** How ONNX Runtime reports a dimension that has neither a fixed size nor a name. */
const UNKNOWN_SIZE = 2 ** 32 - 1;

/**
 * Opens an ONNX model in ONNX Runtime (WebAssembly, one thread, no network access). Dynamic dimensions become 1.
 *
 * @param path the `.onnx` file; external weight files must be in its folder
 * @throws QuietproofError QP3010 if the runtime refuses the model, QP1002 and QP20xx for its files
 */
export async function openOnnxReference(path: string): Promise<FloatReference> {
  const file = basename(path);
  const bytes = await readModelFile(path);
  const external = await loadExternalFiles(storedTensors(decodeModel(bytes, file).graph), path);
  const ort = await import('onnxruntime-web');
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ['wasm'],
    logSeverityLevel: 4,
    externalData: [...external].map(([location, data]) => ({ path: location, data })),
  }).catch((cause: unknown) => {
    throw refused(file, cause);
  });
  const { name, type, dims } = soleInput(session, file);
  return {
    name: 'onnxruntime-web',
    version: ort.env.versions.web ?? '',
    async run(row) {
      const tensor =
        type === 'float32'
          ? new ort.Tensor(type, Float32Array.from(row), dims)
          : new ort.Tensor(type, row, dims);
      const results = await session.run({ [name]: tensor }).catch((cause: unknown) => {
        throw refused(file, cause);
      });
      const output = results[session.outputNames[0]!]!;
      return Float64Array.from(output.data as ArrayLike<number | bigint>, Number);
    },
    close: () => session.release(),
  };
}

interface Input {
  readonly name: string;
  readonly type: 'float32' | 'float64';
  readonly dims: readonly number[];
}

/** The only input. Every dynamic dimension is the batch size: the importer refuses others. */
function soleInput(session: InferenceSession, file: string): Input {
  const [input] = session.inputMetadata;
  const type = input?.isTensor && session.inputNames.length === 1 ? input.type : undefined;
  if (!input?.isTensor || (type !== 'float32' && type !== 'float64')) {
    throw refused(file, undefined, 'its input is not one tensor of floats');
  }
  const dims = input.shape.map((dim) => (typeof dim === 'number' && dim > 0 && dim < UNKNOWN_SIZE ? dim : 1));
  return { name: input.name, type, dims };
}

function refused(file: string, cause: unknown, reason = messageOf(cause)): QuietproofError {
  const fix = 'Check that the model runs in ONNX Runtime before proving it';
  return new QuietproofError('QP3010', {
    what: `ONNX Runtime cannot run the model: ${reason}`,
    where: file,
    fix,
    cause,
  });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
