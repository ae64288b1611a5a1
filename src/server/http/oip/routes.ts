import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { QuietproofError } from '../../../errors/quietproof-error.ts';
import type { EncodedRow } from '../../../prove/encode-rows.ts';
import type { AnsweringModel, AnsweringModels } from '../answering-models.ts';
import { readBody } from './read-body.ts';
import { type InferRequest, readInferRequest } from './read-request.ts';
import { writeInferResponse } from './write-response.ts';

/** What a server does with the rows of one request. */
export interface Answered {
  /** Output signals by row. */
  readonly signals: readonly (readonly bigint[])[];
  /** Sent with the answer. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface OipOptions {
  readonly models: AnsweringModels;
  /** Of this package. */
  readonly serverVersion: string;
  /** False while it closes. */
  readonly isReady: () => boolean;
  readonly answer: (question: {
    readonly model: AnsweringModel;
    readonly rows: readonly EncodedRow[];
    readonly context: Uint8Array | undefined;
    readonly request: FastifyRequest;
  }) => Promise<Answered>;
  /** Refuses who may not ask. */
  readonly admit: (request: FastifyRequest) => void;
}

interface ModelParams {
  readonly name: string;
  readonly version?: string;
}

type ModelRequest = FastifyRequest<{ Params: ModelParams }>;

/** The Open Inference Protocol, version 2, over HTTP, with its extension for binary tensors. */
export function addOip(app: FastifyInstance, options: OipOptions): void {
  const { models, serverVersion, isReady } = options;
  app.get('/v2', () => ({ name: 'quietproof', version: serverVersion, extensions: ['binary_tensor_data'] }));
  app.get('/v2/health/live', () => ({ live: true }));
  app.get('/v2/health/ready', (_, reply) => reply.status(isReady() ? 200 : 503).send({ ready: isReady() }));
  for (const at of ['/v2/models/:name', '/v2/models/:name/versions/:version']) {
    app.get(at, (request: ModelRequest) => metadataOf(modelOf(models, request), models));
    app.get(`${at}/ready`, (request: ModelRequest, reply) => {
      const { name } = modelOf(models, request);
      return reply.status(isReady() ? 200 : 503).send({ name, ready: isReady() });
    });
    app.post(`${at}/infer`, (request: ModelRequest, reply) => infer(options, request, reply));
  }
}

function modelOf(models: AnsweringModels, { params }: ModelRequest): AnsweringModel {
  return models.find(params.name, params.version);
}

function metadataOf({ name, version, answerer, tensors }: AnsweringModel, models: AnsweringModels): object {
  const batched = (own: {
    readonly name: string;
    readonly datatype: string;
    readonly shape: readonly number[];
  }) => ({
    name: own.name,
    datatype: own.datatype,
    shape: [-1, ...own.shape],
  });
  return {
    name,
    versions: models.versionsOf(name),
    platform: 'quietproof',
    inputs: tensors.inputs.map(batched),
    outputs: tensors.outputs.map(batched),
    parameters: { version, model_id: answerer.model.ids.modelId },
  };
}

async function infer(options: OipOptions, request: ModelRequest, reply: FastifyReply): Promise<FastifyReply> {
  options.admit(request);
  const model = modelOf(options.models, request);
  const asked = readInferRequest(await readBody(request), model.tensors);
  // All rows before any of them is answered: a request has one answer or one error.
  const rows = asked.rows.map((row, index) => model.answerer.encode(row, index));
  const context = contextOf(asked, request);
  const { signals, parameters, headers = {} } = await options.answer({ model, rows, context, request });
  const { body, jsonLength } = writeInferResponse({
    modelName: model.name,
    modelVersion: model.version,
    answers: signals.map((own) => model.answerer.decode({ signals: own })),
    outputs: asked.outputs,
    ...(asked.id !== undefined && { id: asked.id }),
    ...(parameters !== undefined && { parameters }),
  });
  reply.headers(headers);
  if (jsonLength === undefined) return reply.type('application/json').send(body);
  reply.header('Inference-Header-Content-Length', jsonLength);
  return reply.type('application/octet-stream').send(body);
}

/** The caller's part of the context: a parameter, or a header for clients that have none. */
function contextOf({ context }: InferRequest, request: FastifyRequest): Uint8Array | undefined {
  const header = request.headers['x-context'];
  if (context === undefined && header === undefined) return undefined;
  if (Array.isArray(header) || (context !== undefined && header !== undefined && context !== header)) {
    throw new QuietproofError('QP6581', { what: 'The request has two contexts' });
  }
  return Buffer.from(context ?? header!);
}
