import type { CheckedRecords } from './archive-manifest.ts';

/** The text for whoever opens the archive years later and has never heard of us. */
export function howToCheck(records: CheckedRecords, pages: readonly string[]): string {
  const models = records.models.map(({ modelId, bundles }) => `  ${modelId}  ${bundles} answers`);
  return `HOW TO CHECK THIS WITHOUT US
============================

This archive holds answers that computer models gave, each with a proof: that a
particular model, and no other, computed this answer from the input whose digest
or values the proof states. It was packed by Quietproof, and needs nothing of
Quietproof to be checked.

What is where
-------------
  records/         the proofs (*.proof.json) and the record of their model beside
                   them (model.json); perhaps openings of inputs (private/),
                   signed statements (statements/), parts of a log (checkpoint,
                   tile/), timestamps (*.tsr) and receipts (*.receipt.html)
  manifest.json    all files with their SHA-256
  tools/SPEC.md    how everything is encoded and checked, in full
  tools/python/    a verifier in Python 3.10 or later, with no other packages
${pages.map((page) => `  ${page}\n                   a page that checks proofs of one model; works offline`).join('\n')}

With Python
-----------
Unpack the archive, open a terminal in its folder, and type

  python3 tools/python/check_archive.py

It compares every file with the manifest and verifies every proof, several a
second, and says at the end: how many there are, how many are valid, and which
models they are of. Compare the ids of the models with ids that you have from
somewhere else, such as a contract or a letter. Or give the id, and other models
are reported:

  python3 tools/python/check_archive.py --model <id>

With a browser
--------------
Open a page of tools/ and choose files of records/. Nothing is sent anywhere.

Without either
--------------
tools/SPEC.md describes formats and checks such that a programmer can write a
verifier anew. The cryptography is Groth16 over the curve BN254, Poseidon and
SHA-256.

What was found when this was packed
-----------------------------------
${records.bundles} answers, ${records.bundles - records.notValid.length} of them valid. Models:
${models.length === 0 ? '  none' : models.join('\n')}

What it does not show
---------------------
That these are all the answers that were given; when they were given; that the
model is good or lawful; who was asked about. Whoever made a proving key alone
can forge proofs under it: the setup in each model.json says how its key was
made, and tools/SPEC.md what can be checked of that. Whether signed statements
and timestamps are of people you trust, only you can say.
`;
}
