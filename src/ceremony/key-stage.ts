import type { Zkey } from '../formats/zkey.ts';

/** Of two keys of one circuit: whether the second has the contributions of the first, or only some of them. */
export type KeyStage = 'continues' | 'earlier' | 'apart';

/** Compares what the keys list. Whether their points agree with that is for `checkSuccessor`. */
export function stageOf(existing: Zkey, key: Zkey): KeyStage {
  const [one, other] = [existing.transcript, key.transcript];
  if (Buffer.compare(one.circuitHash, other.circuitHash) !== 0) return 'apart';
  const shared = Math.min(one.contributions.length, other.contributions.length);
  for (let i = 0; i < shared; i += 1) {
    const [own, its] = [one.contributions[i]!, other.contributions[i]!];
    if (Buffer.compare(own.deltaAfter, its.deltaAfter) !== 0) return 'apart';
  }
  return other.contributions.length < one.contributions.length ? 'earlier' : 'continues';
}
