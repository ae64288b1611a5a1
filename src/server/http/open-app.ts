import type { KeyObject } from 'node:crypto';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { noteSigner } from '../../log/note-signer.ts';
import type { FleetEndpoint } from '../fleet/fleet-endpoint.ts';
import type { FleetOptions } from '../fleet/open-fleet.ts';
import type { Endpoint, LocalEndpoint } from '../serve/endpoint.ts';
import { ENDPOINT_FILES } from '../serve/endpoint-files.ts';
import type { EndpointOptions } from '../serve/open-endpoint.ts';
import { openEndpoint } from '../serve/open-endpoint.ts';
import type { WebhookAddress } from '../webhooks/addresses.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import { type AnsweringOptions, answeringApp } from './answering-app.ts';
import { type AnsweringModel, AnsweringModels, type ModelToOpen, openModel } from './answering-models.ts';
import { addArtifactFiles } from './sealed/artifact-files.ts';
import { EndpointEvents, logEvent, reasonOf } from './sealed/endpoint-events.ts';
import { type SealedSwap, type Swapped, swapModels } from './swap-models.ts';
import { Tokens } from './tokens.ts';

export { serveUntil } from './listen.ts';
export { logSwap } from './swap-models.ts';

/** How answers are sealed: of the endpoint's options, those that are not about models, and one policy for all of them. */
export interface SealOptions extends Omit<EndpointOptions, 'models'> {
  readonly key: KeyObject;
  readonly policy: EndpointOptions['models'][number]['policy'];
}

/** The same for one of several servers over a database. */
export interface FleetSealOptions extends Omit<FleetOptions, 'models'> {
  readonly policy: SealOptions['policy'];
}

export interface OpenOptions extends Omit<AnsweringOptions, 'models' | 'tokens' | 'sealing'> {
  readonly models: readonly ModelToOpen[];
  /** File of the tokens of clients; by default everybody may ask. */
  readonly tokens?: string;
  /** By default answers are neither sealed nor proved. */
  readonly seal?: SealOptions | FleetSealOptions;
  /** Who is told about proofs, which only sealed answers have. */
  readonly webhooks?: readonly WebhookAddress[];
}

export interface OpenedApp {
  /** Closing it closes the endpoint too. */
  readonly app: FastifyInstance;
  readonly models: AnsweringModels;
  /** Answers by these artifacts instead; see `swapModels`. */
  readonly swap: (models: readonly ModelToOpen[]) => Promise<Swapped>;
}

/**
 * @throws as `openModel`, `Tokens.read`, `openEndpoint` and `Webhooks.open` do; QP6591 for two artifacts of the same model,
 *   and for webhooks where nothing is sealed
 */
export async function openAnsweringApp({
  models: given,
  tokens,
  seal,
  webhooks = [],
  ...own
}: OpenOptions): Promise<OpenedApp> {
  const models = new AnsweringModels(await Promise.all(given.map(openModel)));
  const known = tokens === undefined ? {} : { tokens: await Tokens.read(tokens) };
  if (seal === undefined) {
    if (webhooks.length > 0) {
      throw new QuietproofError('QP6591', { what: 'Webhooks tell about proofs, and nothing is proved here' });
    }
    const app = answeringApp({ ...own, ...known, models });
    return { app, models, swap: (next) => swapModels(models, next) };
  }
  const { app, sealed } = await sealedApp({ ...own, ...known, models }, seal, webhooks);
  return { app, models, swap: (next) => swapModels(models, next, sealed) };
}

async function sealedApp(
  own: Omit<AnsweringOptions, 'sealing'>,
  { policy, onEvent, ...engine }: SealOptions | FleetSealOptions,
  addresses: readonly WebhookAddress[],
): Promise<{ readonly app: FastifyInstance; readonly sealed: SealedSwap }> {
  const toServe = ({ name, version, answerer }: AnsweringModel) => ({
    artifactDir: answerer.artifactDir,
    name,
    version,
    policy,
  });
  const events = new EndpointEvents();
  let webhooks: Webhooks | undefined;
  const { endpoint, local, fleet } = await openEither(engine, {
    models: own.models.all.map(toServe),
    owed: (receiptId) => webhooks?.owes(receiptId) ?? addresses.length > 0,
    webhooks: addresses,
    onEvent: events.report,
  });
  try {
    const logKey = noteSigner(engine.origin, 'note', engine.key).key;
    const receivers = () => webhooks?.receivers ?? fleet?.receivers ?? [];
    const { witnesses = [], authorities = [] } = engine;
    const named = { witnesses: witnesses.flatMap(({ keys }) => keys), authorities };
    const app = answeringApp({ ...own, sealing: { endpoint, logKey, receivers, ...named } });
    if (fleet !== undefined) addArtifactFiles(app, fleet.files);
    if (addresses.length > 0 && local !== undefined && 'folder' in engine) {
      const folder = path.join(engine.folder, ENDPOINT_FILES.webhooks);
      const { Webhooks: Opened } = await import('../webhooks/webhooks.ts');
      const onFailure = (receiver: number, error: unknown) =>
        app.log.warn({ receiver, ...reasonOf(error) }, 'webhook-failed');
      webhooks = await Opened.open(local, { addresses, folder, onFailure });
    }
    const indexOf = (id: string) => local?.answerState(id)?.index;
    events.listen((event) => {
      logEvent(app.log, event, indexOf);
      webhooks?.heard(event);
      onEvent?.(event);
    });
    // After the last request was answered.
    app.addHook('onClose', async () => {
      await webhooks?.close();
      await endpoint.close();
    });
    return { app, sealed: { endpoint, toServe } };
  } catch (error) {
    await webhooks?.close();
    await endpoint.close();
    throw error;
  }
}

interface Opened {
  readonly endpoint: Endpoint;
  readonly local?: LocalEndpoint;
  readonly fleet?: FleetEndpoint;
}

type Common = Pick<EndpointOptions, 'models'> &
  Required<Pick<EndpointOptions, 'onEvent' | 'owed'> & Pick<FleetOptions, 'webhooks'>>;

async function openEither(
  engine: Omit<SealOptions, 'policy'> | Omit<FleetSealOptions, 'policy'>,
  { owed, webhooks, ...common }: Common,
): Promise<Opened> {
  if ('folder' in engine) {
    const local = await openEndpoint({ ...engine, ...common, owed });
    return { endpoint: local, local };
  }
  const { openFleet } = await import('../fleet/open-fleet.ts');
  const fleet = await openFleet({ ...engine, ...common, webhooks });
  return { endpoint: fleet, fleet };
}
