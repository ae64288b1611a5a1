/** The kind of a file, by its last member: every file of Quietproof ends with its version. */
export function kindOf(text: string): FileKind {
  const version = versionAtEnd(text);
  if (version === 'opening' || version === 'model' || version === 'bundle') return version;
  // People lay these out as they like. A bundle's own statement has no signature, and so no key id.
  if (TRUST.test(text)) return 'trust';
  return SIGNED.test(text) ? 'statement' : 'bundle';
}

export type FileKind = 'opening' | 'model' | 'bundle' | 'trust' | 'statement';

const TRUST = /^\s*\{[\s\S]*"version"\s*:\s*"quietproof\/trust\/v\d+"/;
const SIGNED = /^\s*\{[\s\S]*"keyid"\s*:/;

/** Whether a file says that it is a bundle, readable or not. */
export function saysBundle(text: string): boolean {
  return versionAtEnd(text) === 'bundle';
}

function versionAtEnd(text: string): string | undefined {
  return /"version":\s*"quietproof\/(\w+)\/v\d+"\s*\}\s*$/.exec(text.slice(-100))?.[1];
}
