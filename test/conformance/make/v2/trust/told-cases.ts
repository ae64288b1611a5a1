import type { Json } from '../../canonical.ts';
import { canonical } from '../../canonical.ts';
import { ALL, contribution, digestOf, rederivation, release, type Signed } from './honest.ts';
import { envelope, keyId, mixedSignature, publicKey, unreduced } from './signing.ts';

/** What a case changes: the statements, and the trust file. */
export type Told = readonly [
  id: string,
  what: string,
  change: (signed: Signed, trust: Json) => void,
  /** Names of those who do not count any more, or of those who count besides. */
  missing: readonly string[],
  more?: readonly string[],
];

const [ADA, GRACE, AUDIT, BANK] = ALL as [string, string, string, string];

const edited = (statement: Json, edit: (statement: Json) => void): Json => {
  edit(statement);
  return statement;
};

/** Ada's statement with a changed predicate, signed by her. */
const adaSays = (edit: (statement: Json) => void) => (signed: Signed) => {
  signed.ada = envelope(edited(contribution(1, 'ada'), edit), 'ada');
};
const auditSays = (edit: (statement: Json) => void) => (signed: Signed) => {
  signed.audit = envelope(edited(rederivation('audit'), edit), 'audit');
};
const bankSays = (edit: (statement: Json) => void) => (signed: Signed) => {
  signed.bank = envelope(edited(release('bank'), edit), 'bank');
};

const OTHER_HASH = 'ab'.repeat(64);
const OTHER_ID = 'cd'.repeat(32);

/** Each statement is left out, or says something else than what is so. */
export const MOVED: readonly Told[] = [
  [
    'without-contribution',
    'Only one of two contributors signed',
    (signed) => {
      signed.ada = '';
    },
    [ADA],
  ],
  [
    'without-rederivation',
    'Nobody derived the key again',
    (signed) => {
      signed.audit = '';
    },
    [AUDIT],
  ],
  [
    'without-release',
    'The producer released no model',
    (signed) => {
      signed.bank = '';
    },
    [BANK],
  ],
  [
    'other-ceremony',
    'A contribution to another ceremony',
    adaSays(({ subject }) => {
      subject[0].digest.blake2b = OTHER_HASH;
    }),
    [ADA],
  ],
  [
    'other-contribution',
    'Another contribution hash',
    adaSays(({ subject }) => {
      subject[1].digest.blake2b = OTHER_HASH;
    }),
    [ADA],
  ],
  [
    'other-index',
    'The first contribution, said to be the second',
    adaSays(({ predicate }) => {
      predicate.index = 2;
    }),
    [ADA],
  ],
  [
    'index-of-beacon',
    'The beacon, signed as a contribution',
    (signed) => {
      signed.ada = envelope(contribution(3, 'ada'), 'ada');
    },
    [ADA],
  ],
  [
    'index-beyond',
    'A contribution that the ceremony does not have',
    adaSays(({ predicate }) => {
      predicate.index = 4;
    }),
    [ADA],
  ],
  [
    'other-transcript',
    'Another transcript hash',
    adaSays(({ predicate }) => {
      predicate.transcript = OTHER_HASH;
    }),
    [ADA],
  ],
  [
    'other-delta-before',
    'Another delta before',
    adaSays(({ predicate }) => {
      predicate.deltaBefore = predicate.deltaAfter;
    }),
    [ADA],
  ],
  [
    'other-delta-after',
    'Another delta after',
    adaSays(({ predicate }) => {
      predicate.deltaAfter = predicate.deltaBefore;
    }),
    [ADA],
  ],
  [
    'checked-other-circuit',
    'A contributor that compared another circuit',
    adaSays(({ predicate }) => {
      predicate.checked = { circuitId: OTHER_ID, phase1: rederivation('audit').predicate.phase1 };
    }),
    [ADA],
  ],
  [
    'checked-other-phase-1',
    'A contributor that compared another phase 1',
    adaSays(({ predicate }) => {
      const { circuitId, phase1 } = rederivation('audit').predicate;
      predicate.checked = { circuitId, phase1: { ...phase1, name: 'another' } };
    }),
    [ADA],
  ],
  [
    'other-model',
    'A re-derivation of another model',
    auditSays(({ subject }) => {
      subject[0].digest.sha256 = OTHER_ID;
    }),
    [AUDIT],
  ],
  [
    'other-key',
    'A re-derivation of this model with another key',
    auditSays(({ predicate }) => {
      predicate.keyId = OTHER_ID;
    }),
    [AUDIT],
  ],
  [
    'other-circuit',
    'A re-derivation of this model with another circuit',
    auditSays(({ predicate }) => {
      predicate.circuitId = OTHER_ID;
    }),
    [AUDIT],
  ],
  [
    'other-source',
    'A re-derivation from another model file',
    auditSays(({ predicate }) => {
      predicate.source = OTHER_ID;
    }),
    [AUDIT],
  ],
  [
    'other-initial-hash',
    'A re-derivation of another key before the contributions',
    auditSays(({ predicate }) => {
      predicate.initialHash = OTHER_HASH;
    }),
    [AUDIT],
  ],
  [
    'other-phase-1',
    'A re-derivation from another phase 1',
    auditSays(({ predicate }) => {
      predicate.phase1.blake2b = OTHER_HASH;
    }),
    [AUDIT],
  ],
  [
    'unknown-phase-1',
    'A phase 1 that is neither published nor trusted',
    (_, trust) => {
      delete trust.phase1;
    },
    [AUDIT],
  ],
  [
    'reservations',
    'A re-derivation with reservations',
    auditSays(({ predicate }) => {
      predicate.reservations = ['scales taken as claimed'];
    }),
    [],
  ],
  [
    'release-of-other',
    'A release of another model',
    bankSays(({ subject }) => {
      subject[0].digest.sha256 = OTHER_ID;
    }),
    [BANK],
  ],
  [
    'release-later',
    'A release from a later time',
    bankSays(({ predicate }) => {
      predicate.from = '2026-12-01T00:00:00Z';
    }),
    [BANK],
  ],
  [
    'date-later',
    'A statement of a later time',
    adaSays(({ predicate }) => {
      predicate.date = '2026-11-27T12:00:01Z';
    }),
    [ADA],
  ],
  [
    'date-now',
    'A statement of the very time',
    adaSays(({ predicate }) => {
      predicate.date = '2026-11-27T12:00:00Z';
    }),
    [],
  ],
];

/** Signatures, signers and forms. */
export const SIGNED: readonly Told[] = [
  [
    'date-changed',
    'A date that was changed after signing',
    (signed) => {
      const statement = contribution(1, 'ada');
      signed.ada = envelope(statement, 'ada', (made) => {
        made.payload = Buffer.from(
          canonical(
            edited(statement, ({ predicate }) => {
              predicate.date = '2026-09-01T10:00:00Z';
            }),
          ),
        ).toString('base64');
      });
    },
    [ADA],
  ],
  [
    'signature-of-other',
    'The signature of another statement',
    (signed) => {
      const { signatures } = JSON.parse(envelope(contribution(2, 'ada'), 'ada'));
      signed.ada = envelope(contribution(1, 'ada'), 'ada', (made) => {
        made.signatures = signatures;
      });
    },
    [ADA],
  ],
  [
    'other-signer',
    'Signed by Watch, under the key id of Ada',
    (signed) => {
      signed.ada = envelope(contribution(1, 'ada'), 'watch', (made) => {
        made.signatures[0].keyid = keyId('ada');
      });
    },
    [ADA],
  ],
  [
    'signed-as-own',
    'The statement of Ada, signed again by Watch',
    (signed) => {
      signed.ada = envelope(contribution(1, 'ada'), 'watch');
    },
    [ADA],
  ],
  [
    'unknown-signer',
    'Signed by a key that the trust file does not have',
    (signed) => {
      signed.ada = envelope(contribution(1, 'eve'), 'eve');
    },
    [ADA],
  ],
  [
    'not-asked',
    'A contribution by somebody whom no rule of contribution names',
    (signed) => {
      signed.ada = envelope(contribution(1, 'audit'), 'audit');
    },
    [ADA],
  ],
  [
    'unreduced',
    'S + L instead of S',
    (signed) => {
      signed.ada = envelope(contribution(1, 'ada'), 'ada', ({ signatures: [one] }) => {
        one.sig = unreduced(one.sig);
      });
    },
    [ADA],
  ],
  [
    'mixed-order',
    'An R outside of the subgroup, which holds with the cofactor only',
    (signed) => {
      const statement = contribution(1, 'ada');
      signed.ada = envelope(statement, 'ada', ({ signatures: [one] }) => {
        one.sig = mixedSignature(Buffer.from(canonical(statement)), 'ada');
      });
    },
    [ADA],
  ],
  [
    'short-signature',
    'A signature of 63 bytes',
    (signed) => {
      signed.ada = envelope(contribution(1, 'ada'), 'ada', ({ signatures: [one] }) => {
        one.sig = Buffer.from(one.sig, 'base64').subarray(1).toString('base64');
      });
    },
    [ADA],
  ],
  [
    'wrong-predicate',
    'The predicate of a contribution, under the type of a re-derivation',
    (signed) => {
      signed.audit = envelope(
        { ...contribution(1, 'audit'), predicateType: rederivation('audit').predicateType },
        'audit',
      );
    },
    [AUDIT],
  ],
  [
    'newer-predicate',
    'A type of predicate that is not defined',
    auditSays((statement) => {
      statement.predicateType = statement.predicateType.replace('v1', 'v2');
    }),
    [AUDIT],
  ],
  [
    'bundle-statement',
    'The statement of a bundle, signed',
    (signed) => {
      signed.audit = envelope(
        { ...rederivation('audit'), predicateType: 'https://quietproof.dev/attestation/inference/v2' },
        'audit',
      );
    },
    [AUDIT],
  ],
  [
    'unknown-member',
    'A member that is not known, signed',
    auditSays(({ predicate }) => {
      predicate.more = 'x';
    }),
    [AUDIT],
  ],
  [
    'missing-member',
    'A re-derivation that does not say which circuit',
    auditSays(({ predicate }) => {
      delete predicate.circuitId;
    }),
    [AUDIT],
  ],
  [
    'not-a-day',
    '30 February',
    auditSays(({ predicate }) => {
      predicate.date = '2026-02-30T10:00:00Z';
    }),
    [AUDIT],
  ],
  [
    'time-zone',
    'A time with another zone',
    auditSays(({ predicate }) => {
      predicate.date = '2026-10-10T10:00:00+00:00';
    }),
    [AUDIT],
  ],
  [
    'not-canonical',
    'A payload with white space, signed',
    (signed) => {
      signed.audit = envelope(JSON.stringify(rederivation('audit'), null, 1), 'audit');
    },
    [AUDIT],
  ],
  [
    'repeated-key',
    'A payload with a repeated key, signed',
    (signed) => {
      signed.audit = envelope(
        canonical(rederivation('audit')).replace('"reservations":[]', '"reservations":[],"reservations":[]'),
        'audit',
      );
    },
    [AUDIT],
  ],
  [
    'two-signatures',
    'Two signatures in one envelope',
    (signed) => {
      signed.audit = envelope(rederivation('audit'), 'audit', (made) => {
        made.signatures.push(made.signatures[0]);
      });
    },
    [AUDIT],
  ],
  [
    'no-signature',
    'No signature',
    (signed) => {
      signed.audit = envelope(rederivation('audit'), 'audit', (made) => {
        made.signatures = [];
      });
    },
    [AUDIT],
  ],
  [
    'other-payload-type',
    'Another payload type',
    (signed) => {
      signed.audit = envelope(rederivation('audit'), 'audit', (made) => {
        made.payloadType = 'application/json';
      });
    },
    [AUDIT],
  ],
  [
    'envelope-member',
    'A member of the envelope that is not known',
    (signed) => {
      signed.audit = envelope(rederivation('audit'), 'audit', (made) => {
        made.more = 1;
      });
    },
    [AUDIT],
  ],
  [
    'envelope-layout',
    'An envelope in another layout',
    (signed) => {
      signed.audit = JSON.stringify(JSON.parse(signed.audit), null, 4);
    },
    [],
  ],
  [
    'not-json',
    'A file that is no JSON',
    (signed) => {
      signed.audit = 'rederivation';
    },
    [AUDIT],
  ],
  [
    'long',
    'An envelope of more than 65536 bytes',
    (signed) => {
      signed.audit += ' '.repeat(65537 - signed.audit.length);
    },
    [AUDIT],
  ],
  [
    'url-base64',
    'A payload in the base64 of URLs',
    (signed) => {
      signed.audit = envelope(
        edited(rederivation('audit'), ({ predicate }) => {
          predicate.reservations = ['??????'];
        }),
        'audit',
        (made) => {
          made.payload = made.payload.replaceAll('+', '-').replaceAll('/', '_');
        },
      );
    },
    [AUDIT],
  ],
];

const state = (name: string, key: 'retired' | 'compromised', since: string) => (_: Signed, trust: Json) => {
  const own = trust.parties[name].keys[0];
  trust.parties[name].keys = [{ ...own, state: key, since }];
};

/** A re-derivation that lists the statement of Ada. */
function witness(by: string, date: string, signed: Signed): string {
  return envelope(
    edited(rederivation(by), ({ predicate }) => {
      predicate.date = date;
      predicate.statements = [digestOf(signed.ada)];
    }),
    by,
  );
}

const ADA_COMPROMISED = state('Ada', 'compromised', '2026-11-01T00:00:00Z');

/** Who counts as how many, and until when. */
export const COUNTED: readonly Told[] = [
  [
    'one-for-two',
    'One party signs both contributions',
    (signed) => {
      signed.grace = envelope(contribution(2, 'ada'), 'ada');
    },
    [GRACE],
  ],
  [
    'second-key',
    'One party signs them with two keys',
    (signed, trust) => {
      trust.parties.Ada.keys.push({ key: publicKey('ada-2'), state: 'active' });
      signed.grace = envelope(contribution(2, 'ada-2'), 'ada-2');
    },
    [GRACE],
  ],
  [
    'twice',
    'A statement is given twice',
    (signed) => {
      signed.more.push(signed.ada, signed.audit);
    },
    [],
  ],
  [
    'rivals',
    'Two parties sign one step',
    (signed) => {
      signed.grace = envelope(contribution(1, 'grace'), 'grace');
    },
    [ADA, GRACE],
  ],
  [
    'rival-not-counting',
    'A second signer of a step, who does not count',
    (signed) => {
      signed.more.push(envelope(contribution(1, 'watch'), 'watch'));
    },
    [],
  ],
  [
    'producer-contributes',
    'The producer signs the second contribution',
    (signed) => {
      signed.grace = envelope(contribution(2, 'bank'), 'bank');
    },
    [GRACE],
  ],
  [
    'producer-rederives',
    'The producer signs a re-derivation',
    (signed) => {
      signed.audit = envelope(rederivation('bank'), 'bank');
    },
    [AUDIT],
  ],
  [
    'auditor-releases',
    'Somebody else than the producer releases the model',
    (signed) => {
      signed.bank = envelope(release('audit'), 'audit');
    },
    [BANK],
  ],
  [
    'one-of-two',
    'Another of those who may derive the key again',
    (signed) => {
      signed.audit = envelope(rederivation('watch'), 'watch');
    },
    [AUDIT],
    ['rederivation:Watch'],
  ],
  [
    'two-rederive',
    'Both derive the key again',
    (signed) => {
      signed.more.push(envelope(rederivation('watch'), 'watch'));
    },
    [],
    ['rederivation:Watch'],
  ],
  ['retired-later', 'A key that was retired later', state('Ada', 'retired', '2026-10-01T10:00:01Z'), []],
  [
    'retired-then',
    'A key that was retired at that time',
    state('Ada', 'retired', '2026-10-01T10:00:00Z'),
    [ADA],
  ],
  [
    'retired-before',
    'A key that was retired before',
    state('Audit', 'retired', '2026-01-01T00:00:00Z'),
    [AUDIT],
  ],
  ['compromised', 'A compromised key, and nobody saw the statement before', ADA_COMPROMISED, [ADA]],
  [
    'compromised-seen',
    'A compromised key, and an auditor saw the statement before',
    (signed, trust) => {
      ADA_COMPROMISED(signed, trust);
      signed.audit = witness('audit', '2026-10-10T10:00:00Z', signed);
    },
    [],
  ],
  [
    'compromised-seen-later',
    'The auditor saw it only later',
    (signed, trust) => {
      ADA_COMPROMISED(signed, trust);
      signed.audit = witness('audit', '2026-11-01T00:00:00Z', signed);
    },
    [ADA],
  ],
  [
    'compromised-after',
    'The statement itself is dated later',
    (signed, trust) => {
      state('Ada', 'compromised', '2026-10-01T10:00:00Z')(signed, trust);
      signed.more.push(witness('watch', '2026-09-10T10:00:00Z', signed));
    },
    [ADA],
    ['rederivation:Watch'],
  ],
  [
    'compromised-seen-by-producer',
    'Only the producer says so',
    (signed, trust) => {
      ADA_COMPROMISED(signed, trust);
      signed.more.push(witness('bank', '2026-10-10T10:00:00Z', signed));
    },
    [ADA],
  ],
  [
    'compromised-seen-by-self',
    'Only its own party says so, with another key',
    (signed, trust) => {
      ADA_COMPROMISED(signed, trust);
      trust.parties.Ada.keys.push({ key: publicKey('ada-2'), state: 'active' });
      signed.more.push(witness('ada-2', '2026-10-10T10:00:00Z', signed));
    },
    [ADA],
  ],
  [
    'compromised-seen-by-compromised',
    'Only a compromised key says so',
    (signed, trust) => {
      ADA_COMPROMISED(signed, trust);
      state('Watch', 'compromised', '2026-12-01T00:00:00Z')(signed, trust);
      signed.more.push(witness('watch', '2026-10-10T10:00:00Z', signed));
    },
    [ADA],
  ],
  [
    'compromised-seen-by-retired',
    'A key that was retired since says so',
    (signed, trust) => {
      ADA_COMPROMISED(signed, trust);
      state('Watch', 'retired', '2026-10-11T00:00:00Z')(signed, trust);
      signed.more.push(witness('watch', '2026-10-10T10:00:00Z', signed));
    },
    [],
    ['rederivation:Watch'],
  ],
  [
    'compromised-other-model',
    'An auditor saw it, in a re-derivation of another model',
    (signed, trust) => {
      ADA_COMPROMISED(signed, trust);
      const other = edited(
        JSON.parse(
          Buffer.from(
            JSON.parse(witness('watch', '2026-10-10T10:00:00Z', signed)).payload,
            'base64',
          ).toString(),
        ),
        ({ subject }) => {
          subject[0].digest.sha256 = OTHER_ID;
        },
      );
      signed.more.push(envelope(other, 'watch'));
    },
    [],
  ],
  [
    'retired-by-stranger',
    'Another producer retires the model',
    (signed, trust) => {
      trust.parties.Rival = { role: 'producer', keys: [{ key: publicKey('rival'), state: 'active' }] };
      trust.rules[2] = { what: 'release', least: 1, by: ['Bank', 'Rival'] };
      const { subject } = release('bank');
      signed.more.push(
        envelope(
          edited(release('rival'), (one) => {
            one.subject[0].digest.sha256 = OTHER_ID;
            one.predicate.retires = [subject[0].digest.sha256];
          }),
          'rival',
        ),
      );
    },
    [],
  ],
];

/** The bank retires the model of the base. */
export function retirement(from: string): string {
  return envelope(
    edited(release('bank'), (one) => {
      one.predicate.retires = [one.subject[0].digest.sha256];
      one.predicate.from = from;
      one.subject[0].digest.sha256 = OTHER_ID;
    }),
    'bank',
  );
}
