import type {
  G1Json,
  G2Json,
  OutputReading,
  PreparedModel,
  Reading,
  VerificationKeyJson,
} from '@quietproof/verify';
import { type BoundRun, type ContractPlan, LOOP_FROM, negated, planContract } from './contract-plan.ts';
import { CONTRACT_INPUTS } from './input-modes.ts';

/** Offsets of the parts of the pairing's input, the same as in the template. */
const ALPHA_AT = 0xc0;
const DELTA_AT = 0x1c0;
const GAMMA_AT = 0x280;
const TABLE_AT = 0x300;

/** Gas limit of the pairing: more than five times its current price. */
const PAIRING_CAP = 1_000_000;

/**
 * The verifier contract of one model.
 *
 * @param model from `prepareModel`, which refuses keys that admit known forgeries
 * @param contract the contract's name, a Solidity identifier
 */
export function contractSource(
  template: string,
  { record, reading }: PreparedModel,
  contract: string,
): string {
  const signals = reading.plan;
  const plan = planContract(signals);
  const { ids, verificationKey: key, setup } = record;
  const parts: Record<string, string> = {
    contract,
    modelName: commentText(reading.name),
    setupNotice:
      setup.kind === 'development'
        ? 'a DEVELOPMENT key, made by a single party, who can forge proofs.'
        : 'a key from a ceremony, as claimed by the producer of the model.',
    signalComments: signalComments(reading),
    modelId: ids.modelId,
    circuitId: ids.circuitId,
    keyId: ids.keyId,
    outputs: String(signals.output.length),
    inputs: String(signals.input.length),
    digest: String(CONTRACT_INPUTS[reading.input.mode].isCommitment),
    count: String(signals.max.length),
    smallFunction: plan.small.count === 0 ? '' : SUM_SMALL,
    rangeChecks: lines(16, plan.bounds.flatMap(rangeCheck)),
    sum: lines(16, sumLines(plan, key)),
    keyPoints: lines(16, keyPointLines(key)),
    pairingCap: String(PAIRING_CAP),
  };
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => parts[name] as string);
}

/** Sums the points of all small signals together, bit by bit. */
const SUM_SMALL = `
            // The sum of the points in \`table\`, each times the small signal at the same index of the calldata at \`at\`.
            // Horner's rule over the bits of all signals together, from the bit \`mask\` down. Overwrites \`sum\`.
            function sumSmall(sum, table, at, count, mask) -> ok {
                let next := add(sum, 0x40)
                let end := add(at, shl(5, count))
                mstore(sum, 0)
                mstore(add(sum, 0x20), 0)
                ok := 1
                for {} and(ok, gt(mask, 0)) { mask := shr(1, mask) } {
                    if or(mload(sum), mload(add(sum, 0x20))) {
                        mstore(next, mload(sum))
                        mstore(add(next, 0x20), mload(add(sum, 0x20)))
                        ok := addNext(sum)
                    }
                    let point := table
                    for { let signal := at } lt(signal, end) { signal := add(signal, 0x20) } {
                        if and(calldataload(signal), mask) {
                            mstore(next, mload(point))
                            mstore(add(next, 0x20), mload(add(point, 0x20)))
                            ok := and(addNext(sum), ok)
                        }
                        point := add(point, 0x40)
                    }
                }
            }
`;

function rangeCheck({ first, count, max }: BoundRun): string[] {
  if (count < LOOP_FROM) {
    return Array.from({ length: count }, (_, offset) => {
      const index = first + offset;
      const found = (BigInt(index) << 8n) | 2n;
      return `if gt(${signalAt(index)}, ${max}) { found := ${found} leave }`;
    });
  }
  return [
    `for { let i := ${first} } lt(i, ${first + count}) { i := add(i, 1) } {`,
    `    if gt(calldataload(add(at, shl(5, i))), ${max}) { found := or(shl(8, i), OUT_OF_RANGE) leave }`,
    '}',
  ];
}

/** Code that computes the sum over the signals at `sum`. */
function sumLines({ small, large }: ContractPlan, key: VerificationKeyJson): string[] {
  const tooLittleGas = '{ holds := 2 leave }';
  const constant = key.IC[0]!;
  const table = Array.from({ length: small.count }, (_, i) => [
    `// IC[${small.first + i + 1}]`,
    ...storePoint('m', TABLE_AT + 0x40 * i, constantPoint(key.IC[small.first + i + 1]!)),
  ]).flat();
  const mask = 1 << Math.max(0, small.bits - 1);
  const start =
    small.count === 0
      ? ['// IC[0]', ...storePoint('m', 0x240, constantPoint(constant))]
      : [
          ...table,
          `if iszero(sumSmall(sum, add(m, ${hex(TABLE_AT)}), ${offset('at', 0x20 * small.first)}, ${small.count}, ${mask})) ${tooLittleGas}`,
          '// IC[0]',
          ...storePoint('m', GAMMA_AT, constantPoint(constant)),
          `if iszero(addNext(sum)) ${tooLittleGas}`,
        ];
  const multiples = large.flatMap((index) => {
    const [x, y] = constantPoint(key.IC[index + 1]!);
    const add = `addMultiple(sum, ${hex(x!)}, ${hex(y!)}, ${signalAt(index)})`;
    return [`// IC[${index + 1}]`, `if iszero(${add}) ${tooLittleGas}`];
  });
  return [...start, ...multiples];
}

function keyPointLines(key: VerificationKeyJson): string[] {
  const [alphaX, alphaY] = key.vk_alpha_1;
  return [
    '// -alpha, beta',
    ...storePoint('m', ALPHA_AT, [BigInt(alphaX), negated(alphaY), ...twistPoint(key.vk_beta_2)]),
    '// -delta',
    ...storePoint('m', DELTA_AT, negatedTwist(key.vk_delta_2)),
    '// -gamma',
    ...storePoint('m', GAMMA_AT, negatedTwist(key.vk_gamma_2)),
  ];
}

function constantPoint([x, y]: G1Json): bigint[] {
  return [BigInt(x), BigInt(y)];
}

/** A G2 point in EIP-197 encoding: the imaginary part of each coordinate comes first. */
export function twistPoint([x, y]: G2Json): bigint[] {
  return [x[1], x[0], y[1], y[0]].map(BigInt);
}

function negatedTwist(point: G2Json): bigint[] {
  const [x1, x0, y1, y0] = twistPoint(point);
  return [x1!, x0!, negated(y1!), negated(y0!)];
}

function storePoint(base: string, at: number, words: readonly bigint[]): string[] {
  return words.map((word, index) => `mstore(add(${base}, ${hex(at + 0x20 * index)}), ${hex(word)})`);
}

function signalAt(index: number): string {
  return `calldataload(${offset('at', 0x20 * index)})`;
}

function offset(base: string, bytes: number): string {
  return bytes === 0 ? base : `add(${base}, ${hex(bytes)})`;
}

function hex(value: bigint | number): string {
  return `0x${value.toString(16).padStart(typeof value === 'bigint' ? 64 : 2, '0')}`;
}

function lines(indent: number, text: readonly string[]): string {
  return text.map((line) => ' '.repeat(indent) + line).join('\n');
}

/** Comments that describe the signals. The text can neither end a comment nor hide its content. */
function signalComments({ outputs, input }: Reading): string {
  const rows = [
    ...outputs.map(describeOutput),
    ...CONTRACT_INPUTS[input.mode].described(input),
    'context: sha256 of a text, without its top 8 bits',
  ];
  return rows.map((row, index) => `    // Public signals (${index + 1}): ${commentText(row)}`).join('\n');
}

function describeOutput(output: OutputReading): string {
  const what = outputWords(output);
  return output.name === undefined ? what : `${output.name}: ${what}`;
}

function outputWords(output: OutputReading): string {
  switch (output.kind) {
    case 'scores':
      return scoresWords(output.max.length);
    case 'label':
      return `index of the label${listed(output.names)}`;
    case 'decision':
      return `1 where the score reaches the threshold${listed(output.names)}`;
    case 'category':
      return `index of the category${listed(output.values)}`;
  }
}

function scoresWords(count: number): string {
  return count === 1 ? '1 score, less its lowest value' : `${count} scores, each less its lowest value`;
}

function listed(names: readonly string[] | undefined): string {
  return names === undefined ? '' : `: ${names.join(', ')}`;
}

const MAX_COMMENT = 400;

/** Replaces all characters that could have a meaning in Solidity by question marks. */
function commentText(text: string): string {
  const plain = text.replace(/[^ A-Za-z0-9.,:;()+%=_-]/gu, '?');
  return plain.length > MAX_COMMENT ? `${plain.slice(0, MAX_COMMENT)}...` : plain;
}
