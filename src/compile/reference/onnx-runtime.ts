import { basename } from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { rowValue } from '../../data/row-value.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { halfBits, halfFromBits } from '../../graph/float-precision.ts';
import { readModelFile } from '../../import/model-file.ts';
import { decodeModel } from '../../import/onnx/decode-model.ts';
import { loadExternalFiles } from '../../import/onnx/external-data.ts';
import { storedTensors } from '../../import/onnx/sparse-tensor.ts';
import type { FloatReference, RowCategories, WantedOutput } from './reference.ts';
import { declaresOtherShapes, withoutDeclaredShapes } from './undeclared-shapes.ts';
import { withOutputs, zippedScores } from './zipped-scores.ts';

/** How ONNX Runtime reports a dimension that has neither a fixed size nor a name. */
const UNKNOWN_SIZE = 2 ** 32 - 1;

/**
 * Opens an ONNX model in ONNX Runtime (WebAssembly, one thread, no network access). Dynamic dimensions become 1.
 *
 * @param path the `.onnx` file; external weight files must be in its folder
 * @param outputs those that `run` returns; all by default. Others are not fetched: a classifier's scores by name are
 *   no tensor
 * @param categories of the texts in a row
 * @throws QuietproofError QP3010 if the runtime refuses the model, QP1002 and QP20xx for its files
 */
export async function openOnnxReference(
  path: string,
  outputs?: readonly WantedOutput[],
  categories: RowCategories = [],
): Promise<FloatReference> {
  const file = basename(path);
  const bytes = await readModelFile(path);
  const { graph } = decodeModel(bytes, file);
  const external = await loadExternalFiles(storedTensors(graph), path);
  const own = graph.output.map(({ name }) => name ?? '');
  const wanted = tensorsBehind(outputs ?? own.map((name) => ({ name })), zippedScores(graph));
  const added = new Set(wanted.map(({ name }) => name).filter((name) => !own.includes(name)));
  const ort = await import('onnxruntime-web');
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = 1;
  const create = (content: Uint8Array) =>
    ort.InferenceSession.create(content, {
      executionProviders: ['wasm'],
      logSeverityLevel: 4,
      externalData: [...external].map(([location, data]) => ({ path: location, data })),
    });
  const model = added.size === 0 ? bytes : withOutputs(bytes, added);
  const session = await create(model)
    .catch((cause: unknown) => {
      if (!declaresOtherShapes(cause)) throw cause;
      return create(withoutDeclaredShapes(model));
    })
    .catch((cause: unknown) => {
      throw refused(file, cause);
    });
  const inputs = inputsOf(session, file);
  const names = wanted.map((output) => output.name);
  return {
    name: 'onnxruntime-web',
    version: ort.env.versions.web ?? '',
    async run(row) {
      const feeds: Record<string, Tensor> = {};
      let first = 0;
      for (const { name, type, dims } of inputs) {
        const count = dims.reduce((product, dim) => product * dim, 1);
        const own = row.subarray(first, first + count);
        const data =
          type === 'string'
            ? Array.from(own, (value, i) => String(rowValue(value, categories[first + i])))
            : ENCODERS[type](own);
        first += count;
        feeds[name] = new ort.Tensor(type, data as never, dims);
      }
      const results = await session.run(feeds, names).catch((cause: unknown) => {
        throw refused(file, cause);
      });
      return Float64Array.from(
        wanted.flatMap(({ name: output, classes }) => {
          const result = results[output]!;
          return classes === undefined ? numbersOf(result) : [indexOfLabel(result, classes, file)];
        }),
      );
    },
    close: () => session.release(),
  };
}

/** What is fetched for each output: of scores by name, the tensor of scores. */
function tensorsBehind(
  outputs: readonly WantedOutput[],
  zipped: ReadonlyMap<string, string>,
): readonly WantedOutput[] {
  return outputs.map((output) => ({ ...output, name: zipped.get(output.name) ?? output.name }));
}

/** A part of a row as the data of a tensor, by the type of the input. Float16 values are given as their bits. */
const ENCODERS = {
  float16: (row: Float64Array) => Uint16Array.from(row, halfBits),
  float32: (row: Float64Array) => Float32Array.from(row),
  float64: (row: Float64Array) => row.slice(),
  uint8: (row: Float64Array) => Uint8Array.from(row),
  int8: (row: Float64Array) => Int8Array.from(row),
  uint16: (row: Float64Array) => Uint16Array.from(row),
  int16: (row: Float64Array) => Int16Array.from(row),
  int32: (row: Float64Array) => Int32Array.from(row),
  int64: (row: Float64Array) => BigInt64Array.from(Array.from(row, BigInt)),
  uint32: (row: Float64Array) => Uint32Array.from(row),
  uint64: (row: Float64Array) => BigUint64Array.from(Array.from(row, BigInt)),
  bool: (row: Float64Array) => Uint8Array.from(row),
} as const;

type InputType = keyof typeof ENCODERS | 'string';

/** Where the JavaScript engine has Float16Array, the runtime returns one instead of bits. */
function numbersOf({ type, data }: Tensor): number[] {
  const isBits = type === 'float16' && data instanceof Uint16Array;
  const values = data as ArrayLike<number | bigint>;
  return Array.from(values, (value) => (isBits ? halfFromBits(Number(value)) : Number(value)));
}

/** A label, which is a string or an integer, among the classes. */
function indexOfLabel({ data }: Tensor, classes: readonly string[], file: string): number {
  const label = String((data as ArrayLike<unknown>)[0]);
  const index = classes.indexOf(label);
  if (index >= 0) return index;
  throw refused(
    file,
    undefined,
    `it answers ${JSON.stringify(label.slice(0, 40))}, which is none of its classes`,
  );
}

interface Input {
  readonly name: string;
  readonly type: InputType;
  readonly dims: readonly number[];
}

/** The inputs in the order of the file. Every dynamic dimension is the batch size: the importer refuses others. */
function inputsOf(session: InferenceSession, file: string): Input[] {
  return session.inputMetadata.map((input) => {
    const type = input.isTensor ? input.type : undefined;
    if (!input.isTensor || !isInputType(type)) {
      throw refused(file, undefined, `its input "${input.name}" is no tensor of numbers or texts`);
    }
    const dims = input.shape.map((dim) =>
      typeof dim === 'number' && dim > 0 && dim < UNKNOWN_SIZE ? dim : 1,
    );
    return { name: input.name, type, dims };
  });
}

function isInputType(type: string | undefined): type is InputType {
  return type === 'string' || (type !== undefined && Object.hasOwn(ENCODERS, type));
}

const CHECK_IT = 'Check that the model runs in ONNX Runtime before proving it';
/** skl2onnx writes operators that ONNX Runtime lacks for columns of float64, which pandas makes of numbers. */
const TO_FLOAT32 = 'Export with numbers as float32: operators of the file do not exist for float64';

function refused(file: string, cause: unknown, reason = messageOf(cause)): QuietproofError {
  const fix = reason.includes('tensor(double)') ? TO_FLOAT32 : CHECK_IT;
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
