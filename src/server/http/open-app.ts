import type { KeyObject } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { noteSigner } from '../../log/note-signer.ts';
import type { EndpointOptions } from '../serve/open-endpoint.ts';
import { openEndpoint } from '../serve/open-endpoint.ts';
import { type AnsweringOptions, answeringApp } from './answering-app.ts';
import { type AnsweringModel, AnsweringModels, type ModelToOpen, openModel } from './answering-models.ts';
import { Tokens } from './tokens.ts';

export { serveUntil } from './listen.ts';

/** How answers are sealed: of the endpoint's options, those that are not about models, and one policy for all of them. */
export interface SealOptions extends Omit<EndpointOptions, 'models'> {
  readonly key: KeyObject;
  readonly policy: EndpointOptions['models'][number]['policy'];
}

export interface OpenOptions extends Omit<AnsweringOptions, 'models' | 'tokens' | 'sealing'> {
  readonly models: readonly ModelToOpen[];
  /** File of the tokens of clients; by default everybody may ask. */
  readonly tokens?: string;
  /** By default answers are neither sealed nor proved. */
  readonly seal?: SealOptions;
}

export interface OpenedApp {
  /** Closing it closes the endpoint too. */
  readonly app: FastifyInstance;
  readonly models: AnsweringModels;
}

/** @throws as `openModel`, `Tokens.read` and `openEndpoint` do; QP6591 for two artifacts of the same model */
export async function openAnsweringApp({
  models: given,
  tokens,
  seal,
  ...own
}: OpenOptions): Promise<OpenedApp> {
  const models = new AnsweringModels(await Promise.all(given.map(openModel)));
  const known = tokens === undefined ? {} : { tokens: await Tokens.read(tokens) };
  if (seal === undefined) return { app: answeringApp({ ...own, ...known, models }), models };
  const { policy, ...engine } = seal;
  const toServe = ({ name, version, answerer }: AnsweringModel) => ({
    artifactDir: answerer.artifactDir,
    name,
    version,
    policy,
  });
  const endpoint = await openEndpoint({ ...engine, models: models.all.map(toServe) });
  const logKey = noteSigner(seal.origin, 'note', seal.key).key;
  const app = answeringApp({ ...own, ...known, models, sealing: { endpoint, logKey } });
  // After the last request was answered.
  app.addHook('onClose', () => endpoint.close());
  return { app, models };
}
