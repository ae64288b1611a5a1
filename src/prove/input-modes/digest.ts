import { type AnyOpening, openInput, parseAnyOpening, readingOf } from '@quietproof/verify';
import { makePrivateFolder } from '../../bundle/batch-folder.ts';
import { openingPath } from '../../bundle/batch-names.ts';
import { drawSalt } from '../../bundle/make-opening.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { removeTemporaries } from '../../store/durable-file.ts';
import type { BatchSubject } from '../batch-subject.ts';
import type { EncodedRow } from '../encode-rows.ts';
import { otherProof, readIfPresent, readOrRefuse, sameValues } from '../found-files.ts';
import type { BatchInput } from './input-mode.ts';

/** An opening for each proof, in a private folder: a digest nobody can open says only that some input was meant. */
export const digest: BatchInput = {
  async prepare(folder) {
    await removeTemporaries(await makePrivateFolder(folder));
  },

  findOpening,

  requireSameInput({ subject, opening, file }, signals) {
    if (opening === undefined) {
      const fix = 'Put the opening back, or move the proof away to have the row proved again';
      throw new QuietproofError('QP6204', { where: file, fix });
    }
    const { input } = readingOf(subject.model.interface);
    readOrRefuse(file, () => openInput(input, BigInt(signals[0]!), opening));
  },

  // An opening is never replaced: a bundle that it opens may have been moved away.
  begin: ({ opening }) =>
    opening === undefined ? { salt: drawSalt(), opens: true } : { salt: BigInt(opening.salt), opens: false },

  confirm({ opening }, [found]) {
    if (opening === undefined || found === opening.digest) return;
    throw new QuietproofError('QP6003', { what: "The proof's input digest is not that of its opening" });
  },
};

async function findOpening(subject: BatchSubject, row: EncodedRow): Promise<AnyOpening | undefined> {
  const file = openingPath(subject.folder, row.index);
  const content = await readIfPresent(file);
  if (content === undefined) return undefined;
  const opening = readOrRefuse(file, () => parseAnyOpening(content));
  if (opening.modelId !== subject.model.ids.modelId) throw otherProof(file, 'another model');
  if (!sameValues(opening.values, row.integers)) throw otherProof(file, 'another row');
  return opening;
}
