/** The types that these calls need, of Solidity's "Contract ABI Specification". Heads are encoded first, then tails. */
export type AbiValue =
  | { readonly kind: 'word'; readonly value: bigint }
  /** A fixed number of words: `uint256[8]`. */
  | { readonly kind: 'words'; readonly values: readonly bigint[] }
  /** `uint256[]`. */
  | { readonly kind: 'array'; readonly values: readonly bigint[] }
  /** `bytes` or `string`, as hex without 0x. */
  | { readonly kind: 'bytes'; readonly hex: string }
  /** A struct with a `bytes` or `string` in it. */
  | { readonly kind: 'struct'; readonly values: readonly AbiValue[] }
  /** A list of them. */
  | { readonly kind: 'structs'; readonly values: readonly (readonly AbiValue[])[] };

const WORD = 32;

/** `abi.encode` of the values, as hex without 0x. */
export function abiEncode(values: readonly AbiValue[]): string {
  const headBytes = values.reduce((sum, value) => sum + headSize(value), 0);
  let [head, tail] = ['', ''];
  for (const value of values) {
    if (value.kind === 'word') head += word(value.value);
    else if (value.kind === 'words') head += words(value.values);
    else {
      head += word(BigInt(headBytes + tail.length / 2));
      tail += tailOf(value);
    }
  }
  return head + tail;
}

/** 32 bytes, big-endian. */
export function word(value: bigint): string {
  return value.toString(16).padStart(2 * WORD, '0');
}

export function words(values: readonly bigint[]): string {
  return values.map(word).join('');
}

function headSize(value: AbiValue): number {
  return value.kind === 'words' ? WORD * value.values.length : WORD;
}

function tailOf(value: Exclude<AbiValue, { kind: 'word' | 'words' }>): string {
  switch (value.kind) {
    case 'array':
      return word(BigInt(value.values.length)) + words(value.values);
    case 'struct':
      return abiEncode(value.values);
    case 'structs': {
      const structs = value.values.map((values) => ({ kind: 'struct', values }) as const);
      return word(BigInt(structs.length)) + abiEncode(structs);
    }
    case 'bytes': {
      const { hex } = value;
      return word(BigInt(hex.length / 2)) + hex.padEnd(Math.ceil(hex.length / 2 / WORD) * 2 * WORD, '0');
    }
  }
}
