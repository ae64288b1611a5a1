import {
  type AnyBundle,
  type AnyModelRecord,
  type ProofJson,
  readingOf,
  splitSignals,
} from '@quietproof/verify';
import { type AbiValue, abiEncode, word, words } from './abi.ts';
import { twistPoint } from './contract-source.ts';
import { CONTRACT_INPUTS } from './input-modes.ts';

/** One contract call. Numbers are strings of 0x and 64 hex digits, so that no program reads them as doubles. */
export interface ContractCall {
  /** Function signature, in the form that ethers, viem and cast accept. */
  readonly signature: string;
  readonly args: readonly (string | readonly (string | readonly string[])[])[];
  /** Selector and encoded arguments. */
  readonly calldata: string;
}

/** The calls that check one bundle on chain. */
export interface BundleCalls {
  readonly modelId: string;
  /** On the model's verifier contract. `check` takes the same arguments and returns a bool. */
  readonly verify: ContractCall;
  /** On the registry: reverts unless the model gave this output for this input, in this context. */
  readonly requireInference: ContractCall;
}

/** Signatures, each with its selector: the first four bytes of its Keccak-256. */
const VERIFY = { signature: 'verify(uint256[8],uint256[])', selector: '8f3308d9' };
const REQUIRE = {
  signature: 'requireInference(uint256,bytes32,uint256,bytes,bytes)',
  selector: '2f461ee4',
};

/** The calls for a bundle, which is not checked here. */
export function bundleCalls(bundle: AnyBundle, model: AnyModelRecord): BundleCalls {
  const points = proofWords(bundle.proof);
  const signals = bundle.publicSignals.map(BigInt);
  return {
    modelId: `0x${model.ids.modelId}`,
    verify: {
      signature: VERIFY.signature,
      args: [points.map(hex), signals.map(hex)],
      calldata: encode(VERIFY.selector, [
        { kind: 'words', values: points },
        { kind: 'array', values: signals },
      ]),
    },
    requireInference: requireCall(model, points, signals),
  };
}

function requireCall(
  model: AnyModelRecord,
  points: readonly bigint[],
  signals: readonly bigint[],
): ContractCall {
  const { outputs, input, context } = splitSignals(readingOf(model.interface), signals);
  const mode = CONTRACT_INPUTS[model.interface.input.mode];
  const id = BigInt(`0x${model.ids.modelId}`);
  const commitment = mode.commitment(model.ids.modelId, input);
  const output = words(outputs);
  const proof = abiEncode([
    { kind: 'words', values: points },
    { kind: 'word', value: context },
    { kind: 'array', values: mode.carried(input) },
  ]);
  const numbers = [id, commitment, context];
  return {
    signature: REQUIRE.signature,
    args: [...numbers.map(hex), `0x${output}`, `0x${proof}`],
    calldata: encode(REQUIRE.selector, [
      ...numbers.map((value) => ({ kind: 'word', value }) as const),
      { kind: 'bytes', hex: output },
      { kind: 'bytes', hex: proof },
    ]),
  };
}

/** A, B and C, encoded as EIP-197 points. */
export function proofWords({ pi_a, pi_b, pi_c }: ProofJson): bigint[] {
  return [BigInt(pi_a[0]), BigInt(pi_a[1]), ...twistPoint(pi_b), BigInt(pi_c[0]), BigInt(pi_c[1])];
}

/** The `cast` command that checks the bundle with a verifier contract. */
export function castLine({ verify }: BundleCalls): string {
  const args = verify.args.map((arg) => `'[${(arg as readonly string[]).join(',')}]'`).join(' ');
  return `cast call "$VERIFIER" '${verify.signature.replace('verify', 'check')}(bool)' ${args}`;
}

function encode(selector: string, values: readonly AbiValue[]): string {
  return `0x${selector}${abiEncode(values)}`;
}

function hex(value: bigint): string {
  return `0x${word(value)}`;
}
