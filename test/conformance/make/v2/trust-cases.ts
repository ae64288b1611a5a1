import type { Json } from '../canonical.ts';
import { type BaseV2, ceremonyA, labelA } from './bases.ts';
import { carried, carry } from './ceremony.ts';
import { told } from './change-transcript.ts';
import { CLAIMED } from './claimed-transcripts.ts';
import type { CorpusV2, OutcomeV2 } from './corpus.ts';
import { rebind, seal } from './seal.ts';
import { listed, spread } from './trust/files.ts';
import { ALL, honest, NOW, type Signed, trustFile, trustWithLogs } from './trust/honest.ts';
import { POINTS } from './trust/points-cases.ts';
import { REFUSED_LOGS } from './trust/refused-logs.ts';
import { REFUSED_TRUST } from './trust/refused-trust.ts';
import { COUNTED, MOVED, retirement, SIGNED } from './trust/told-cases.ts';

const ENVELOPE = 'application/vnd.dsse.envelope.v1+json';
const PIN = ceremonyA.modelId;

interface Asked {
  readonly pin?: false | 'own' | string;
  readonly at?: string;
  readonly trust?: Json;
  readonly signed?: Signed;
}

/** Who signed what about a key and a model, and whom a reader trusts. */
export function trustCases(corpus: CorpusV2): void {
  const ask = (
    id: string,
    what: string,
    outcome: OutcomeV2,
    asked: Asked = {},
    of = ceremonyA,
    bundle = of.copy(),
  ) =>
    corpus.bundle(`trust/${id}`, what, of, bundle, outcome, {
      pin: asked.pin ?? false,
      trust: typeof asked.trust === 'string' ? asked.trust : spread(asked.trust ?? trustFile()),
      statements: listed(asked.signed ?? honest()),
      at: asked.at ?? NOW,
    });
  ask('all', 'Everybody signed: the release stands for the pin', outcomeFor([]));
  ask('all-pinned', 'Everybody signed, and the model is pinned', outcomeFor([]), { pin: PIN });
  for (const [id, what, change, missing, more = []] of [...MOVED, ...SIGNED, ...COUNTED, ...POINTS]) {
    const [signed, trust] = [honest(), trustFile()];
    change(signed, trust);
    ask(id, what, outcomeFor(missing, more, trust), { trust, signed });
  }
  times(ask);
  records(ask);
  ask('logs', 'Logs and their witnesses, whom this question is not about', outcomeFor([]), {
    trust: trustWithLogs(),
  });
  for (const [cases, from] of [
    [REFUSED_TRUST, trustFile],
    [REFUSED_LOGS, trustWithLogs],
  ] as const) {
    for (const [id, what, code, change] of cases) {
      const trust = from();
      change(trust);
      ask(`refused-${id}`, what, { verdict: 'invalid', check: 'trust', code }, { trust });
    }
  }
  const twice = spread(trustFile()).replace('"version"', '"version":"quietproof/trust/v1","version"');
  ask(
    'refused-repeated-key',
    'A repeated key',
    { verdict: 'invalid', check: 'trust', code: 'QP7210' },
    { trust: twice },
  );
}

type Ask = (id: string, what: string, outcome: OutcomeV2, asked?: Asked, of?: BaseV2, bundle?: Json) => void;

function outcomeFor(
  missing: readonly string[],
  more: readonly string[] = [],
  trust = trustFile(),
): OutcomeV2 {
  const trusted = [...ALL.filter((one) => !missing.includes(one)), ...more].sort();
  const unmet = new Set<string>(
    trust.rules
      .filter(
        ({ what, least, by }: Json) =>
          by.filter((name: string) => trusted.includes(`${what}:${name}`)).length < least,
      )
      .map(({ what }: Json) => what),
  );
  const setup = unmet.has('contribution') || unmet.has('rederivation') ? 'claimed' : 'pass';
  if (unmet.size === 0) return { verdict: 'valid', setup, trusted };
  const check = unmet.has('release') ? 'model' : 'setup';
  return { verdict: 'incomplete', check, code: 'QP7224', setup, trusted };
}

function times(ask: Ask): void {
  const [OTHER, RETIRED] = ['2026-10-19T23:59:59Z', '2026-11-20T00:00:00Z'];
  ask('before-release', 'Asked for a time before the release', outcomeFor(['release:Bank']), { at: OTHER });
  ask('before-all', 'Asked for a time before everything', outcomeFor(ALL), { at: '2020-01-01T00:00:00Z' });
  const retired = honest();
  retired.more.push(retirement(RETIRED));
  const invalid = { verdict: 'invalid', check: 'model', code: 'QP7225' } as const;
  ask('retired-model', 'The producer retired the model', invalid, { signed: retired });
  ask('retired-model-pinned', 'The producer retired the model that is pinned', invalid, {
    signed: retired,
    pin: PIN,
  });
  ask('retired-model-then', 'The same, asked for the time before', outcomeFor([]), {
    signed: retired,
    at: '2026-11-19T23:59:59Z',
  });
  ask(
    'pinned-other',
    'Released, and another model is pinned',
    { verdict: 'invalid', check: 'model', code: 'QP7601' },
    { pin: labelA.modelId },
  );
}

function records(ask: Ask): void {
  const [, what, change] = CLAIMED.find(([id]) => id === 'published-phase-1')!;
  const published = told(change);
  const without = trustFile();
  delete without.phase1;
  const trusting = { trust: without, signed: honest(published) };
  ask(
    'published-phase-1',
    `${what}: whoever re-derives it must not lie`,
    outcomeFor([]),
    trusting,
    ceremonyA,
    published,
  );
  const only = trustFile();
  only.rules = [only.rules[2]];
  const released: OutcomeV2 = { verdict: 'valid', setup: 'claimed', trusted: ['release:Bank'] };
  ask('release-only', 'Only a release is asked for', released, { trust: only });
  const setupOnly = trustFile();
  setupOnly.rules.pop();
  const unpinned: OutcomeV2 = { verdict: 'unpinned', setup: 'pass', trusted: ALL.slice(0, 3) };
  ask('setup-only', 'Only the setup is asked for', unpinned, { trust: setupOnly });
  const development = { verdict: 'invalid', check: 'setup', code: 'QP7226' } as const;
  ask('development', 'A development key', development, { trust: setupOnly }, labelA);
  ask(
    'release-of-development',
    'A development key, released',
    { verdict: 'incomplete', check: 'model', code: 'QP7224', trusted: [] },
    { trust: only },
    labelA,
  );
  const removed = ceremonyA.copy();
  delete removed.model.sidecars;
  const bare = outcomeFor(ALL.slice(0, 3));
  ask('no-transcript', 'The record does not carry its transcript', bare, {}, ceremonyA, removed);
  const beaconless = ceremonyA.copy();
  const transcript = carried(beaconless);
  transcript.contributions[0].g1Sx = transcript.contributions[0].g1S;
  const broken = seal(carry(beaconless, transcript));
  ask(
    'broken-chain',
    'Everybody signed, and the transcript does not hold',
    { verdict: 'invalid', check: 'setup' },
    { signed: honest(broken) },
    ceremonyA,
    broken,
  );
  carriedCases(ask);
}

/** Statements in the record itself. */
function carriedCases(ask: Ask): void {
  const none: Signed = { ada: '', grace: '', audit: '', bank: '', more: [] };
  const { ada, grace, audit, bank } = honest();
  const bundle = ceremonyA.copy();
  bundle.model.sidecars.attestations = [ada, grace, audit, bank].map((text) => ({
    about: { what: text === bank ? 'model' : 'key', sha256: '' },
    type: ENVELOPE,
    content: Buffer.from(text).toString('base64'),
  }));
  rebind(bundle);
  ask('carried', 'The record carries the statements', outcomeFor([]), { signed: none }, ceremonyA, bundle);
  const untyped = structuredClone(bundle);
  untyped.model.sidecars.attestations[2].type = 'application/json';
  ask(
    'carried-other-type',
    'One of them has another type',
    outcomeFor(['rederivation:Audit']),
    { signed: none },
    ceremonyA,
    untyped,
  );
}
