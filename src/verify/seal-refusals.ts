/**
 * Reasons of `@quietproof/verify/seal` and `@quietproof/verify/log` that no verdict has, so that pages which check bundles
 * do not carry them. As in refusal.ts.
 */
export const SEAL_REFUSALS = {
  QP7709: 'The bundle of log entries is cut off or too long',
  QP7741: 'The promise cannot be read',
  QP7742: 'The promise is of another log',
  QP7743: 'No key of the log has signed the promise',
  QP7744: 'The promise is about another statement',
  QP7746: 'The promise states times that the caller cannot accept',
  QP7750: 'The chain or round of the beacon cannot be read',
  QP7751: 'The signature of the round does not hold under the key of the beacon',
  QP7752: 'The entry names no round of this beacon',
  QP7753: 'The entry names a round that may have been out when it was sealed',
  QP7754: 'The entry names a later round than the first that it may',
  QP7755: 'The time of the entry is before that of an earlier one',
  QP7756: 'The same statement stands in the log twice',
  QP7757: 'The entry was drawn, and there is no accepted proof of it after its deadline',
  QP7760: 'The text is no evidence against a log',
  QP7761: 'The evidence does not show what it says',
} as const;

export type SealRefusalCode = keyof typeof SEAL_REFUSALS;
