import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { circuitDomainPower } from '#dist/formats/evaluation-domain.js';
import { readR1cs } from '#dist/formats/r1cs.js';
import { CEREMONY_CASES, chooseCases, findModel } from '../cases.ts';
import { ownProgram } from '../contenders.ts';
import { type Contender, interleave, type LeftOut, type Measured } from '../interleave.ts';
import { runOnce } from '../measure-case.ts';
import type { Options } from '../options.ts';
import { ratio, summaryOf } from '../samples.ts';
import { megabytes, spread, table } from '../table.ts';
import { DEVELOPMENT, PRODUCTION, proversUnderBothKeys } from './ceremony-proofs.ts';

/** The steps of a ceremony for one model, and what its key proves in. */
export interface CeremonyResult {
  readonly name: string;
  /** Binary logarithm of the circuit's domain. */
  readonly power: number;
  readonly provers: readonly Measured[];
  /** A contribution to that key, and the checks of the result. */
  readonly contributions: readonly Measured[];
  /** Proofs of one row under a development key and under the key of a whole ceremony. */
  readonly proofs: readonly Measured[];
  readonly leftOut: readonly LeftOut[];
}

/** snarkjs takes minutes for large circuits. */
const SNARKJS_ROUNDS = 1;

/** Measures the cases whose phase-1 file, `known-tau-<power>.ptau`, is in the folder of `--ptau`. */
export async function measureCeremonies(
  options: Options,
  log: (line: string) => void,
): Promise<CeremonyResult[]> {
  const found: CeremonyResult[] = [];
  for (const bench of chooseCases(options, CEREMONY_CASES)) {
    const files = await findModel(bench, options.from === undefined ? undefined : [options.from]);
    if (files === undefined) continue;
    const artifact = path.join(options.out, 'cases', bench.name, 'artifact');
    const r1cs = path.join(artifact, 'circuit.r1cs');
    if (!(options.reuse && existsSync(r1cs))) {
      log(`${bench.name}: compiling`);
      await mkdir(path.dirname(artifact), { recursive: true });
      const bits = bench.bits === undefined ? [] : [`${bench.bits}`];
      await runOnce('compile', [files.model, files.data, artifact, bench.input, ...bits]);
    }
    const power = circuitDomainPower(readR1cs(await readFile(r1cs), r1cs));
    found.push(await measureOne({ name: bench.name, power, artifact, r1cs, data: files.data }, options, log));
  }
  return found;
}

interface Place {
  readonly name: string;
  readonly power: number;
  readonly artifact: string;
  readonly r1cs: string;
  readonly data: string;
}

async function measureOne(
  { name, power, artifact, r1cs, data }: Place,
  { ptau = '.', runs }: Options,
  log: (line: string) => void,
): Promise<CeremonyResult> {
  const file = path.join(ptau, `known-tau-${power}.ptau`);
  if (!existsSync(file)) {
    const why = `${path.basename(file)} is not in the folder of --ptau`;
    return { name, power, provers: [], contributions: [], proofs: [], leftOut: [{ name, why }] };
  }
  const contribute = (maker: string) => () => ownProgram('contribute-key', [maker, r1cs, file]);
  const prepare = (maker: string) => () => ownProgram('prepare-key', [maker, r1cs, file]);
  const contenders: Contender[] = [
    { name: 'snarkjs, all cores', warmUps: 0, limit: SNARKJS_ROUNDS, start: prepare('snarkjs') },
    { name: 'native, all cores', warmUps: 0, start: prepare('native') },
  ];
  const { measured, leftOut } = await interleave(contenders, runs, (prover, turn) =>
    log(`${name}: ${prover}, ${turn}`),
  );
  const digests = new Set(measured.flatMap(({ samples }) => samples.map(({ keyDigest }) => keyDigest)));
  if (digests.size > 1) throw new Error(`${name}: the keys differ`);
  const steps: Contender[] = [
    { name: 'snarkjs, all cores', warmUps: 0, limit: SNARKJS_ROUNDS, start: contribute('snarkjs') },
    { name: 'native, all cores', warmUps: 0, start: contribute('native') },
  ];
  const made = await interleave(steps, runs, (prover, turn) =>
    log(`${name}: contribution, ${prover}, ${turn}`),
  );
  const proved = await interleave(await proversUnderBothKeys(artifact, data, file), runs, (key, turn) =>
    log(`${name}: proof, ${key}, ${turn}`),
  );
  return {
    name,
    power,
    provers: measured,
    contributions: made.measured,
    proofs: proved.measured,
    leftOut: [...leftOut, ...made.leftOut, ...proved.leftOut],
  };
}

/** The table of a run. */
export function ceremonyTables(found: readonly CeremonyResult[]): string[] {
  const rows = found.flatMap(({ name, power, provers }) =>
    provers.map((prover) => [
      `${name}, 2^${power}`,
      prover.name,
      ...['checkMs', 'checkCpuMs', 'keyMs', 'keyCpuMs'].map((figure) =>
        spread(summaryOf(prover.samples, figure), 1000),
      ),
      megabytes(prover.life.peakRssBytes),
    ]),
  );
  const titles = ['check s', 'check CPU s', 'first key s', 'first key CPU s', 'peak MB'];
  const heading = '### The first key of a ceremony, and the check of its phase-1 file';
  return [
    heading,
    table(['case', 'prover', ...titles], rows, 2),
    ...contributionTables(found),
    ...proofTables(found),
  ];
}

function contributionTables(found: readonly CeremonyResult[]): string[] {
  const rows = found.flatMap(({ name, power, contributions }) =>
    contributions.map((prover) => [
      `${name}, 2^${power}`,
      prover.name,
      ...['contributeCpuMs', 'stepCpuMs', 'wholeCpuMs'].map((figure) =>
        spread(summaryOf(prover.samples, figure), 1000),
      ),
      megabytes(prover.life.peakRssBytes),
    ]),
  );
  const titles = ['contribution CPU s', 'its check CPU s', 'whole key CPU s', 'peak MB'];
  return ['### A contribution, and the checks of keys', table(['case', 'prover', ...titles], rows, 2)];
}

function proofTables(found: readonly CeremonyResult[]): string[] {
  const rows = found.flatMap(({ name, power, proofs }) => {
    const [development, production] = [DEVELOPMENT, PRODUCTION].map(
      (key) => proofs.find((one) => one.name === key)?.samples ?? [],
    ) as [Measured['samples'], Measured['samples']];
    const cpu = (samples: Measured['samples']) => samples.flatMap(({ cpuMs }) => cpuMs ?? []);
    return [
      [
        `${name}, 2^${power}`,
        ...[development, production].map((samples) => spread(summaryOf(samples, 'cpuMs'))),
        spread(ratio(cpu(production), cpu(development))),
      ],
    ];
  });
  const titles = ['case', `${DEVELOPMENT}, CPU ms`, `${PRODUCTION}, CPU ms`, 'production over development'];
  return ['### A proof under the key of a ceremony, on one thread', table(titles, rows)];
}
