import { canonical, type Json } from '../canonical.ts';
import { ceremonyA } from './bases.ts';
import { carried, carry } from './ceremony.ts';
import { seal } from './seal.ts';
import { rehash } from './transcript.ts';

export type ChangeTranscript = (transcript: Json, bundle: Json) => void;

/** A bundle with a changed transcript, the setup that fits it, and every digest recomputed. */
export function told(change: ChangeTranscript): Json {
  const bundle = ceremonyA.copy();
  const transcript = carried(bundle);
  change(transcript, bundle);
  return seal(carry(bundle, transcript));
}

/** A bundle whose transcript is written in another way, under its own digest. */
export function written(change: (content: string) => string): Json {
  const bundle = ceremonyA.copy();
  const transcript = carried(bundle);
  return seal(carry(bundle, transcript, change(canonical(transcript))));
}

/** The change, and then the hashes that the contributions must have. */
export function withRehash(change: ChangeTranscript): ChangeTranscript {
  return (transcript, bundle) => {
    change(transcript, bundle);
    rehash(transcript);
  };
}
