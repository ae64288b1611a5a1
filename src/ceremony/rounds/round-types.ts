import type { Base64, Hex, KeyId, Phase1 } from '@quietproof/verify';

/** What producers and contributor services say to each other. Paths are below the address of the service. */
export const PROTOCOL = 'quietproof/contributor/v1';

/** `GET /v1`, which needs no signature. */
export interface ServiceInfo {
  readonly version: typeof PROTOCOL;
  /** Name that its contributions bear. */
  readonly name: string;
  readonly keyId: KeyId;
  /** The public key: SPKI. */
  readonly key: Base64;
  /** Phase-1 files with which it can compare keys. */
  readonly phase1: readonly Phase1[];
  /** Of each file of a round. */
  readonly maxBytes: number;
}

/** A file of a round, which is uploaded after the round was announced. */
export interface AnnouncedFile {
  readonly sha256: Hex;
  readonly bytes: number;
}

/** `PUT /v1/rounds/<id>`: what the producer asks for. Everything is fixed here, and a second one has to be the same. */
export interface RoundRequest {
  /** A whole key, or its divided points alone: a blind contribution. */
  readonly kind: 'key' | 'points';
  readonly file: AnnouncedFile;
  /** To compare a whole key with, together with `phase1`. */
  readonly r1cs?: AnnouncedFile;
  /** blake2b-512 of a phase-1 file that the service has. With points, only H is compared. */
  readonly phase1?: Hex;
}

/** `GET /v1/rounds/<id>`, and the answer of every request that changes a round. */
export type RoundStatus =
  /** These files are not there yet. */
  | { readonly state: 'awaiting'; readonly awaits: readonly RoundPart[] }
  /** 1 is the next to be worked on. */
  | { readonly state: 'queued'; readonly position: number }
  | { readonly state: 'working' }
  /** `GET /v1/rounds/<id>/returned` and `…/statement` have the result. */
  | { readonly state: 'done'; readonly returned: AnnouncedFile }
  | { readonly state: 'failed'; readonly code: string; readonly what: string }
  /** The result was deleted, on request or because its time was over. It cannot be made again. */
  | { readonly state: 'gone' };

export type RoundPart = 'file' | 'r1cs';

/** An answer that refuses. */
export interface RoundRefusal {
  readonly code: string;
  readonly what: string;
}

export const roundPath = (id: string, part?: RoundPart | 'returned' | 'statement'): string =>
  `/v1/rounds/${id}${part === undefined ? '' : `/${part}`}`;

/** Ids of rounds are random: 128 bits in hex. */
export const ROUND_ID = /^[0-9a-f]{32}$/;
