const OWN = '/.well-known/quietproof-watch';

/** Addresses at which the watch itself answers: all others are the endpoint's. */
export const OWN_PATHS = {
  page: OWN,
  status: `${OWN}/status.json`,
  metrics: `${OWN}/metrics`,
  /** With the key of an alarm behind it. */
  evidence: `${OWN}/evidence/`,
} as const;

export function isOwnPath(url: string): boolean {
  return url === OWN || url.startsWith(`${OWN}/`) || url.startsWith(`${OWN}?`);
}
