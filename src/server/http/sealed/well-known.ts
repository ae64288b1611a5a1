import type { NoteKey } from '@quietproof/verify/log';
import { noteKeyText } from '@quietproof/verify/log';
import type { FastifyInstance } from 'fastify';
import type { TimestampAuthority } from '../../../log/timestamp-client.ts';
import type { Endpoint } from '../../serve/endpoint.ts';

export interface WellKnown {
  /** The key that signs checkpoints and promises. */
  readonly logKey: NoteKey;
  /** Keys of witnesses that the provider asks for cosignatures. */
  readonly witnesses?: readonly NoteKey[];
  /** That checkpoints are sent to. */
  readonly authorities?: readonly TimestampAuthority[];
}

/**
 * What an endpoint says about itself: the provider's word, to be compared with what a reader knows by another way. Times in
 * seconds.
 */
export function addWellKnown(app: FastifyInstance, endpoint: Endpoint, own: WellKnown): void {
  app.get('/.well-known/quietproof', () => ({
    version: 'quietproof/endpoint/v1',
    log: {
      origin: endpoint.origin,
      key: noteKeyText(own.logKey),
      witnesses: (own.witnesses ?? []).map(noteKeyText),
      path: '/log/',
      timestamps: {
        path: '/log/timestamp/list',
        authorities: (own.authorities ?? []).map(({ name, url }) => ({ name, url })),
      },
    },
    proofs: '/v2/proofs/{id}',
    receipts: '/receipts/{id}',
    models: endpoint.models.map(({ name, version, modelId, since, policy }) => ({
      name,
      version,
      modelId,
      since,
      policy,
    })),
  }));
}
