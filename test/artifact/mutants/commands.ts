import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type PreparedKey, readingOf, verifyBundle } from '@quietproof/verify';
import { modelIdOf } from '@quietproof/verify/command/model-records';
import { artifactInput, openProvableArtifact } from '../../../src/artifact/provable-artifact.ts';
import { bundleText, packBundle } from '../../../src/bundle/assemble-bundle.ts';
import { bundleOfRow } from '../../../src/bundle/row-texts.ts';
import { checkArtifact } from '../../../src/check/check-artifact.ts';
import { sampleRows } from '../../../src/check/sample-rows.ts';
import type { LoadedModel } from '../../../src/compile/load-model.ts';
import { bundleCalldata } from '../../../src/export/solidity/bundle-calldata.ts';
import { writeSolidity } from '../../../src/export/solidity/write-solidity.ts';
import { readZkey } from '../../../src/formats/zkey.ts';
import { executeInteger } from '../../../src/integer/execute.ts';
import { parseIntegerGraph } from '../../../src/integer/integer-graph-json.ts';
import { checkKey } from '../../../src/key/check-key.ts';
import { encodeRows } from '../../../src/prove/encode-rows.ts';
import type { BackendName } from '../../../src/prover/backend.ts';
import { backendNamed } from '../../../src/prover/backends.ts';
import { RowProver } from '../../../src/prover/row-prover.ts';
import { claimedStatement } from '../../../src/rederive/claimed-statement.ts';
import { graphForm } from '../../../src/rederive/labelled-form.ts';
import { readClaimed, recordLinks, selfLinks } from '../../../src/rederive/read-claimed.ts';
import { quantizeAgain } from '../../../src/rederive/scales.ts';
import { contributeToArtifact, setUpArtifact } from '../../../src/setup/set-up-artifact.ts';

/** What commands are tried on. */
export interface Subject {
  readonly folder: string;
  readonly row: readonly number[];
  readonly loaded: LoadedModel;
}

/**
 * What a command does with an artifact, in this process. The result is what must not silently become another: two
 * results for one `about` must be equal. A result without one may be anything.
 */
export type Command = (subject: Subject) => Promise<{ readonly about?: string; readonly result?: unknown }>;

/** Pairings of known keys: preparing one costs as much as a verification. */
const KEYS = new Map<string, PreparedKey>();

const SALT = 2n ** 127n + 12345n;
const CONTEXT = 77n;

/** `prove` of one row, up to the bundle, which must then be valid for the model that the artifact names. */
const prove =
  (backend: BackendName): Command =>
  async ({ folder, row }) => {
    const { model } = await openProvableArtifact(folder);
    const { input } = readingOf(model.interface);
    const [encoded] = encodeRows(input, [{ index: 0, values: row }], true);
    const shared = await backendNamed(backend).share(path.join(folder, 'circuit.zkey'));
    const zkey = shared.bytes === undefined ? {} : { zkey: shared.bytes };
    try {
      const prover = await RowProver.open({ artifactDir: folder, backend, threads: 1, ...zkey });
      try {
        const salt = input.mode === 'digest' ? SALT : null;
        const job = { integers: Float64Array.from(encoded!.integers), salt, context: CONTEXT };
        const { proof, publicSignals } = await prover.prove(job);
        const bundle = packBundle(bundleOfRow(model, { proof, publicSignals, row: { index: 0 } }), model);
        const verdict = verifyBundle(bundleText(bundle), { model: model.ids.modelId, keys: KEYS });
        if (!verdict.accepted) throw new Error(`proved what is not accepted: ${verdict.headline}`);
        return { about: model.ids.modelId, result: publicSignals };
      } finally {
        await prover.close();
      }
    } finally {
      shared.release();
    }
  };

/** A circuit may be proved equal to another graph only if that graph computes the same. */
const check: Command = async ({ folder }) => {
  const { record } = await checkArtifact(folder);
  if (record.verdict !== 'proved') return {};
  const graph = parseIntegerGraph(await readFile(path.join(folder, 'integer-graph.json')));
  const outputs = sampleRows(graph, 24).map((row) => {
    const values = executeInteger(graph, row);
    return Array.from(graph.statement.outputs, (id) => values[id]);
  });
  return { about: `proved circuit ${record.circuit}`, result: outputs };
};

const setUp: Command = async ({ folder }) => {
  const source = { kind: 'development' } as const;
  const options = { source, force: true, backend: 'native', behaviour: { count: 1 } } as const;
  await setUpArtifact(folder, options);
  return {};
};

const contribute: Command = async ({ folder }) => {
  await contributeToArtifact(folder, { name: 'mutant' });
  return {};
};

/** What `setup --import`, `contribute` and `rederive --zkey` do first with a key. */
const examineKey: Command = async ({ folder }) => {
  const file = path.join(folder, 'circuit.zkey');
  const zkey = readZkey(await readFile(file), file);
  return { about: 'a checked key', result: (await checkKey(zkey, 'ready', file)).vk_alpha_1 };
};

/** `rederive`, up to the integer graph; what follows depends on the model file alone. */
const rederive: Command = async ({ folder, loaded }) => {
  const claimed = await readClaimed(folder);
  const links = [...selfLinks(claimed), ...recordLinks(claimed)];
  claimedStatement(claimed.modelInterface, false);
  const { link, model } = await quantizeAgain(loaded, claimed, {});
  if (model !== undefined) graphForm(model.graph, loaded.graph.source, claimed);
  return { result: [...links, link] };
};

const readInput: Command = async ({ folder }) => ({ result: await artifactInput(folder) });

const modelId: Command = async ({ folder }) => ({ result: await modelIdOf(folder) });

const exportContract: Command = async ({ folder }) => {
  const out = path.join(folder, 'exported');
  await writeSolidity(folder, out, { force: true });
  await rm(out, { recursive: true });
  return {};
};

/** Verifies the bundle beside model.json with it, and reads both again: what a receipt does too. */
const calldata: Command = async ({ folder }) => {
  const { cast: _, ...calls } = await bundleCalldata(path.join(folder, '000000.proof.json'));
  return { about: 'calldata', result: calls };
};

export const COMMANDS = {
  ...{ 'prove native': prove('native'), 'prove snarkjs': prove('snarkjs'), check, setUp, contribute },
  ...{ examineKey, rederive, readInput, modelId, exportContract, calldata },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof COMMANDS;
