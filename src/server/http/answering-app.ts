import type { FastifyInstance } from 'fastify';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { Endpoint } from '../serve/endpoint.ts';
import type { ReceiverState } from '../webhooks/addresses.ts';
import type { AnsweringModels } from './answering-models.ts';
import { type BaseOptions, baseApp } from './base-app.ts';
import { allowOrigins } from './cors.ts';
import { takeBytes } from './oip/read-body.ts';
import { addOip, type OipOptions } from './oip/routes.ts';
import { addLogFiles } from './sealed/log-files.ts';
import { addMetrics } from './sealed/metrics.ts';
import { addProofs } from './sealed/proof-routes.ts';
import { sealAnswers } from './sealed/seal-answers.ts';
import { addWellKnown, type WellKnown } from './sealed/well-known.ts';
import type { Tokens } from './tokens.ts';

export interface AnsweringOptions extends BaseOptions {
  readonly models: AnsweringModels;
  /** Of this package. */
  readonly serverVersion: string;
  /** Who may ask; default: everybody. */
  readonly tokens?: Tokens;
  /** Origins whose pages may ask; default: none. */
  readonly corsOrigins?: readonly string[];
  /** Seals and proves; without it, the server only answers. */
  readonly sealing?: WellKnown & {
    readonly endpoint: Endpoint;
    /** Who is told about proofs, for metrics. */
    readonly receivers?: () => readonly ReceiverState[];
  };
}

/** An application that answers, and seals and proves its answers if it has an endpoint, which it does not close. */
export function answeringApp(options: AnsweringOptions): FastifyInstance {
  const app = baseApp(options);
  const { models, serverVersion, tokens, sealing, corsOrigins = [] } = options;
  if (corsOrigins.length > 0) allowOrigins(app, corsOrigins);
  takeBytes(app);
  let ready = true;
  app.addHook('preClose', (done) => {
    ready = false;
    done();
  });
  const admit: OipOptions['admit'] = (request) => tokens?.require(request.headers.authorization);
  const answer = sealing === undefined ? answerOnly : sealAnswers(sealing.endpoint);
  addOip(app, { models, serverVersion, admit, isReady: () => ready, answer });
  if (sealing === undefined) return app;
  const { endpoint } = sealing;
  addProofs(app, endpoint, admit);
  addLogFiles(app, endpoint);
  addWellKnown(app, endpoint, sealing);
  addMetrics(app, { endpoint, admit, ...(sealing.receivers && { receivers: sealing.receivers }) });
  return app;
}

const answerOnly: OipOptions['answer'] = async ({ model, rows, context }) => {
  if (context !== undefined) {
    const what = 'A context binds proofs, and the answers of this server are not proved';
    throw new QuietproofError('QP6584', { what });
  }
  return { signals: rows.map((row) => model.answerer.answer(row).signals) };
};
