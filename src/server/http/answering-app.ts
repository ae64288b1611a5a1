import type { FastifyInstance } from 'fastify';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { AnsweringModels } from './answering-models.ts';
import { type BaseOptions, baseApp } from './base-app.ts';
import { takeBytes } from './oip/read-body.ts';
import { addOip, type OipOptions } from './oip/routes.ts';
import type { Tokens } from './tokens.ts';

export interface AnsweringOptions extends BaseOptions {
  readonly models: AnsweringModels;
  /** Of this package. */
  readonly serverVersion: string;
  /** Who may ask; default: everybody. */
  readonly tokens?: Tokens;
}

/** An application that answers, and neither seals nor proves. */
export function answeringApp(options: AnsweringOptions): FastifyInstance {
  const app = baseApp(options);
  takeBytes(app);
  let ready = true;
  app.addHook('preClose', (done) => {
    ready = false;
    done();
  });
  const { models, serverVersion, tokens } = options;
  const admit: OipOptions['admit'] = (request) => tokens?.require(request.headers.authorization);
  addOip(app, { models, serverVersion, admit, isReady: () => ready, answer: answerOnly });
  return app;
}

const answerOnly: OipOptions['answer'] = async ({ model, rows, context }) => {
  if (context !== undefined) {
    const what = 'A context binds proofs, and the answers of this server are not proved';
    throw new QuietproofError('QP6584', { what });
  }
  return { signals: rows.map((row) => model.answerer.answer(row).signals) };
};
