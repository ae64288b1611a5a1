import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type KeyId, keyIdOf } from '@quietproof/verify';
import { refuseReplacing } from '../data/refuse-replacing.ts';
import { readRegularFile } from '../data/regular-file.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { systemError } from '../errors/system-error.ts';
import { writeDurably } from '../store/durable-file.ts';

/** Far above any key file. */
const MAX_KEY_FILE = 1 << 16;
const ONLY_OWNER = 0o600;

/** An Ed25519 key pair, to sign with. It is never printed: `private` has no readable form of its own. */
export interface SigningKey {
  readonly private: KeyObject;
  readonly id: KeyId;
  /** The public key as a trust.json lists it: SPKI in base64. */
  readonly public: string;
}

export interface WrittenKeys {
  readonly privateFile: string;
  readonly publicFile: string;
  readonly id: KeyId;
  readonly public: string;
}

/**
 * Makes a key pair: PKCS#8 in PEM that only its owner can read, and SPKI in PEM beside it.
 *
 * @throws QuietproofError QP1004 (a file is there), QP8001–QP8008
 */
export async function writeNewKeys(
  file: string,
  options: { readonly force?: boolean } = {},
): Promise<WrittenKeys> {
  const publicFile = `${file}.pub`;
  await refuseReplacing([file, publicFile], options);
  const pair = generateKeyPairSync('ed25519');
  const made = signingKey(pair.privateKey);
  await writeDurably(file, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), ONLY_OWNER);
  await writeDurably(publicFile, pair.publicKey.export({ type: 'spki', format: 'pem' }));
  return { privateFile: file, publicFile, id: made.id, public: made.public };
}

/**
 * Reads a private key: PKCS#8 in PEM, not encrypted.
 *
 * @throws QuietproofError QP7910; QP1002 if the file cannot be read
 */
export async function readSigningKey(file: string): Promise<SigningKey> {
  const pem = await readRegularFile(file, MAX_KEY_FILE).catch((cause: unknown) => {
    if (cause instanceof QuietproofError) throw cause;
    throw systemError(cause) ?? new QuietproofError('QP1002', { where: file, fix: 'Check the path', cause });
  });
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, format: 'pem' });
  } catch {
    // Without its cause, whose text may quote the file.
    throw notAKey('it is no private key in PEM, or it is encrypted', file);
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw notAKey(`it is a key of type ${key.asymmetricKeyType}`, file);
  return signingKey(key);
}

function signingKey(key: KeyObject): SigningKey {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return { private: key, id: keyIdOf(spki), public: spki.toString('base64') };
}

function notAKey(why: string, where: string): QuietproofError {
  const fix = 'Make a key with: quietproof keygen <file>';
  return new QuietproofError('QP7910', { what: `This is not an Ed25519 private key: ${why}`, where, fix });
}
