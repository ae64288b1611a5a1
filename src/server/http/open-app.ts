import type { FastifyInstance } from 'fastify';
import { type AnsweringOptions, answeringApp } from './answering-app.ts';
import { AnsweringModels, type ModelToOpen, openModel } from './answering-models.ts';
import { Tokens } from './tokens.ts';

export { serveUntil } from './listen.ts';

export interface OpenOptions extends Omit<AnsweringOptions, 'models' | 'tokens'> {
  readonly models: readonly ModelToOpen[];
  /** File of the tokens of clients; by default everybody may ask. */
  readonly tokens?: string;
}

export interface OpenedApp {
  readonly app: FastifyInstance;
  readonly models: AnsweringModels;
}

/** @throws as `openModel` and `Tokens.read` do; QP6591 for two artifacts of the same model */
export async function openAnsweringApp({ models: given, tokens, ...own }: OpenOptions): Promise<OpenedApp> {
  const models = new AnsweringModels(await Promise.all(given.map(openModel)));
  const known = tokens === undefined ? {} : { tokens: await Tokens.read(tokens) };
  return { app: answeringApp({ ...own, ...known, models }), models };
}
