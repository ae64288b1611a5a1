import { type AnyOpening, openInput, parseAnyOpening, readingOf } from '@quietproof/verify';
import { createOpening, makePrivateFolder } from '../../bundle/batch-folder.ts';
import { openingPath } from '../../bundle/batch-names.ts';
import { drawSalt } from '../../bundle/make-opening.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { removeTemporaries } from '../../store/durable-file.ts';
import type { GroupCommit } from '../../store/group-commit.ts';
import type { BatchSubject } from '../batch-subject.ts';
import type { EncodedRow } from '../encode-rows.ts';
import { otherProof, readIfPresent, readOrRefuse, sameValues } from '../found-files.ts';
import { openingOfRow } from '../record-row.ts';
import type { BatchInput, RowToProve } from './input-mode.ts';

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

  async begin(subject, row, files) {
    const opening = await openingOf(subject, row, files);
    return {
      salt: BigInt(opening.salt),
      // The circuit's Poseidon against the verifier's: a proof whose digest nobody can open is worth nothing.
      confirm([found]) {
        if (found === opening.digest) return;
        throw new QuietproofError('QP6003', { what: "The proof's input digest is not that of its opening" });
      },
    };
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

/**
 * The opening an earlier run left, else a new one; either way on disk before its proof exists. An opening is never
 * replaced: if another process has created one meanwhile, its salt is used.
 */
async function openingOf(subject: BatchSubject, row: RowToProve, files: GroupCommit): Promise<AnyOpening> {
  if (row.opening !== undefined) return row.opening;
  const { index, integers: values, input } = row;
  const opening = openingOfRow(subject.model, {
    index,
    values,
    salt: drawSalt(),
    ...(input !== undefined && { input }),
  });
  if (await createOpening(files, openingPath(subject.folder, index), opening)) return opening;
  return (await findOpening(subject, row)) ?? openingOf(subject, row, files);
}
