import { writeBinary } from '@quietproof/client/oip';
import type { NamedAnswer } from '@quietproof/verify';
import type { WantedOutput } from './read-request.ts';

export interface InferResponseParts {
  readonly id?: string;
  readonly modelName: string;
  readonly modelVersion: string;
  /** By row. */
  readonly answers: readonly (readonly NamedAnswer[])[];
  readonly outputs: readonly WantedOutput[];
  /** Texts, numbers and booleans. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
}

export interface InferResponse {
  readonly body: Buffer;
  /** Where tensors follow the JSON. */
  readonly jsonLength?: number;
}

/** The response of `infer`: JSON, with the tensors that were asked for in binary after it. */
export function writeInferResponse(parts: InferResponseParts): InferResponse {
  const { id, modelName, modelVersion, answers, outputs, parameters } = parts;
  const tail: Uint8Array[] = [];
  const written = outputs.map(({ tensor, binary }) => {
    const { name, datatype, shape, head } = tensor;
    const elements = answers.flatMap((row) => tensor.elements(row));
    const common = { name, datatype, shape: [answers.length, ...shape] };
    const own = head === undefined ? {} : { head };
    if (!binary) return { ...common, ...(head !== undefined && { parameters: own }), data: elements };
    const bytes = writeBinary(datatype, elements);
    tail.push(bytes);
    return { ...common, parameters: { ...own, binary_data_size: bytes.length } };
  });
  const json = Buffer.from(
    JSON.stringify({
      model_name: modelName,
      model_version: modelVersion,
      ...(id !== undefined && { id }),
      ...(parameters !== undefined && { parameters }),
      outputs: written,
    }),
  );
  if (tail.length === 0) return { body: json };
  return { body: Buffer.concat([json, ...tail]), jsonLength: json.length };
}
