import { hex, list, matching, type Reader, record, refuse } from '../json/read-json.ts';
import { kindLiteral, open } from '../json/read-open.ts';
import { type BundleSidecars, type ModelSidecars, SIDECAR_SUBJECTS, type Sidecar } from './sidecar-types.ts';

/** 262144 bytes in base64. */
const MAX_CONTENT = 349_528;
const MAX_SIDECARS = 64;

const base64 = matching(/^[A-Za-z0-9+/]+={0,2}$/, 'base64');

/** The check `sidecars` later requires that it is canonical. */
const readContent: Reader<string> = (json, at) => {
  if (typeof json === 'string' && json.length > MAX_CONTENT) {
    refuse(at, `must be base64 of at most ${MAX_CONTENT} characters`);
  }
  return base64(json, at);
};

const readSidecar: Reader<Sidecar> = open(
  {
    about: record({ what: kindLiteral(...SIDECAR_SUBJECTS), sha256: hex }, {}),
    type: matching(/^[a-z0-9][a-z0-9.+-]{0,62}\/[a-z0-9][a-z0-9.+-]{0,126}$/, 'a media type in lower case'),
    content: readContent,
  },
  {},
);

const sidecars = list(readSidecar, 1, MAX_SIDECARS);

export const readModelSidecars: Reader<ModelSidecars> = open(
  {},
  { transcript: readSidecar, attestations: sidecars, timestamps: sidecars },
);

export const readBundleSidecars: Reader<BundleSidecars> = open(
  {},
  { logProof: readSidecar, attestations: sidecars, timestamps: sidecars },
);
