/** The kind of a file, by its last member: every file of Quietproof ends with its version. */
export function kindOf(text: string): 'opening' | 'model' | 'bundle' {
  const version = versionAtEnd(text);
  return version === 'opening' || version === 'model' ? version : 'bundle';
}

/** Whether a file says that it is a bundle, readable or not. */
export function saysBundle(text: string): boolean {
  return versionAtEnd(text) === 'bundle';
}

function versionAtEnd(text: string): string | undefined {
  return /"version":\s*"quietproof\/(\w+)\/v\d+"\s*\}\s*$/.exec(text.slice(-100))?.[1];
}
