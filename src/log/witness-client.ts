import { checkSignatures, type Hash, type NoteKey, readCheckpoint, readNote } from '@quietproof/verify/log';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { post } from './http-post.ts';
import { readSizeAnswer, SIZE_TYPE, witnessRequestText } from './witness-request.ts';

/** A witness that answers requests (C2SP tlog-witness). */
export interface WitnessAddress {
  /** For people. */
  readonly name: string;
  /** Prefix of its address: requests go to `<url>/add-checkpoint`. */
  readonly url: string;
  /** Its keys for cosignatures. Signatures of other keys are not taken over. */
  readonly keys: readonly NoteKey[];
}

export interface WitnessClientOptions {
  /** For one request, in milliseconds. */
  readonly timeout?: number;
}

/** What one witness did. */
export type WitnessOutcome =
  | {
      readonly witness: string;
      /** That it states, in seconds since 1970. */
      readonly time: number;
      /** Its signatures, each with its newline. */
      readonly lines: string;
    }
  | { readonly witness: string; readonly error: QuietproofError };

const TIMEOUT = 10_000;
const MAX_ANSWER = 1 << 15;
/** A witness says once which size it knows; again only if somebody else has sent it a checkpoint meanwhile. */
const ATTEMPTS = 3;

/** Asks witnesses for cosignatures of one log's checkpoints. It remembers which size each of them cosigned last. */
export class WitnessClient {
  readonly #witnesses: readonly WitnessAddress[];
  readonly #timeout: number;
  readonly #known = new Map<WitnessAddress, number>();
  #asking: Promise<unknown> = Promise.resolve();

  constructor(witnesses: readonly WitnessAddress[], { timeout = TIMEOUT }: WitnessClientOptions = {}) {
    this.#witnesses = witnesses;
    this.#timeout = timeout;
  }

  /**
   * Asks all witnesses at once. One that fails does not keep the others from counting. Calls are carried out one after
   * another, since a witness refuses a tree that is smaller than one which it has seen.
   *
   * @param consistencyPath shows that the log of `older` entries is the beginning of the checkpoint's
   * @returns what each witness did, in their order; errors are QP6405 (no answer), QP6406 (it has cosigned a larger tree),
   *   QP6407 (it has seen another tree), QP6408 (it does not know the log or its key), QP6409 (an answer that is no
   *   cosignature of it), QP6410 (refused otherwise)
   */
  cosign(checkpoint: string, consistencyPath: (older: number) => Promise<Hash[]>): Promise<WitnessOutcome[]> {
    const asked = this.#asking.then(() =>
      Promise.all(this.#witnesses.map((one) => this.#ask(one, checkpoint, consistencyPath))),
    );
    this.#asking = asked.catch(() => {});
    return asked;
  }

  async #ask(
    witness: WitnessAddress,
    checkpoint: string,
    consistencyPath: (older: number) => Promise<Hash[]>,
  ): Promise<WitnessOutcome> {
    const { size } = readCheckpoint(checkpoint);
    let older = Math.min(this.#known.get(witness) ?? 0, size);
    try {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const path = await consistencyPath(older);
        const answer = await this.#send(witness, witnessRequestText({ older, path, checkpoint }));
        if (answer.status === 200) {
          const cosigned = readCosignatures(answer.text, checkpoint, witness);
          this.#known.set(witness, size);
          return { witness: witness.name, ...cosigned };
        }
        const known = sizeKnown(answer, witness);
        if (known > size) throw refused('QP6406', witness, `it knows ${known} entries, not ${size}`);
        if (known === older) throw refused('QP6407', witness, `of ${known} entries`);
        older = known;
      }
      throw refused('QP6410', witness, 'it names another size each time');
    } catch (error) {
      if (error instanceof QuietproofError) return { witness: witness.name, error };
      throw error;
    }
  }

  async #send({ url }: WitnessAddress, body: string): Promise<Answer> {
    const answer = await post({
      url: `${url.replace(/\/$/, '')}/add-checkpoint`,
      body,
      contentType: 'text/plain; charset=utf-8',
      timeout: this.#timeout,
      limit: MAX_ANSWER,
      unreachable: 'QP6405',
    });
    return { ...answer, text: new TextDecoder().decode(answer.body) };
  }
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** The size that a witness cosigned last. @throws QP6407 to QP6410 if it says something else */
function sizeKnown({ status, contentType, text }: Answer, witness: WitnessAddress): number {
  if (status === 403 || status === 404) throw refused('QP6408', witness, `status ${status}`);
  if (status === 422) throw refused('QP6407', witness, 'the proof does not lead from its tree to this one');
  if (status !== 409) throw refused('QP6410', witness, `status ${status}`);
  const size = contentType === SIZE_TYPE ? readSizeAnswer(text) : undefined;
  if (size === undefined) throw refused('QP6409', witness, 'a conflict without a size');
  return size;
}

/** The lines of an answer whose signatures hold. @throws QP6409 if there is none */
function readCosignatures(
  text: string,
  checkpoint: string,
  witness: WitnessAddress,
): { time: number; lines: string } {
  const { text: signed } = readCheckpoint(checkpoint).note;
  try {
    // Line by line: what keys of others have signed is left out, whatever it is.
    const found = text.split(/(?<=\n)/).flatMap((line) => {
      const [cosignature] = checkSignatures(readNote(`${signed}\n${line}`), witness.keys);
      return cosignature?.time ? [{ line, time: cosignature.time }] : [];
    });
    if (found.length === 0) throw refused('QP6409', witness, 'none by its keys');
    return {
      time: Math.max(...found.map(({ time }) => time)),
      lines: found.map(({ line }) => line).join(''),
    };
  } catch (cause) {
    if (cause instanceof QuietproofError) throw cause;
    throw new QuietproofError('QP6409', { where: `${witness.name}, ${witness.url}`, cause });
  }
}

function refused(
  code: 'QP6406' | 'QP6407' | 'QP6408' | 'QP6409' | 'QP6410',
  { name, url }: WitnessAddress,
  why: string,
): QuietproofError {
  return new QuietproofError(code, { where: `${name}, ${url}: ${why}` });
}
