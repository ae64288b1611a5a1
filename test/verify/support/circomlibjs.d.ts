/** The part of circomlibjs that tests compare with; the package ships no types. */
declare module 'circomlibjs' {
  type Hash = (inputs: readonly bigint[]) => Uint8Array;
  export function buildPoseidon(): Promise<Hash & { readonly F: { toObject(element: Uint8Array): bigint } }>;
}
