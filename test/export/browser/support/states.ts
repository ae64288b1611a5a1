import {
  type AnyBundle,
  type AnyModelRecord,
  contextSignal,
  fileJson,
  type ModelRecord,
  type SetupContribution,
} from '@quietproof/verify';
import type { Page } from 'playwright-core';
import { makeModelRecord } from '../../../../src/bundle/make-model-record.ts';
import { makeOpening } from '../../../../src/bundle/make-opening.ts';
import type { FindingKind } from '../../../../src/export/browser/page/finding.ts';
import type { QUESTIONS } from '../../../../src/export/browser/page/words.ts';
import type { PageContent } from '../../../../src/export/browser/page-html.ts';
import { toldContent } from '../../../../src/export/receipt/told-statements.ts';
import { honest, trustFile } from '../../../conformance/make/v2/trust/honest.ts';
import { retirement } from '../../../conformance/make/v2/trust/told-cases.ts';
import { base, materialise, readCases } from '../../../conformance/materialise.ts';
import {
  bundleOf,
  ceremony,
  DIGEST_SALT,
  DIGEST_VALUES,
  digestBundle,
  digestFixture,
  digestInterface,
  digestRecord,
  manifestOf,
  ORDER_7,
  publicBundle,
} from '../../../verify/support/corpus.ts';

type Question = keyof typeof QUESTIONS;

/** A state of the page, how to reach it, and what it must say. */
export interface PageState {
  readonly name: string;
  readonly content: PageContent;
  /** What the reader does after the page has opened; it ends when the page shows the state. */
  readonly act?: (page: Page) => Promise<void>;
  readonly finding: FindingKind | 'waiting';
  readonly headline: string;
  readonly questions: readonly Question[];
  /** Further sentences that it must show, and some that it must not. */
  readonly says?: readonly string[];
  readonly saysNot?: readonly string[];
}

const ALL: readonly Question[] = ['decision', 'data', 'model', 'change', 'now'];
const UNCONFIRMED = 'Not confirmed yet: whose model made this decision?';
const CONFIRMED = 'Confirmed: the model you named made this decision.';
const TRIAL = 'Only a trial: do not rely on this receipt.';
const RELEASED = 'Confirmed: a model that its provider has released made this decision.';
const CHANGED = 'This receipt has been changed or does not belong together: do not rely on it.';

/** What a receipt tells where everybody has signed. */
const TOLD_ALL = [
  'Ada, Grace: took part in setting up the key.',
  'Audit: checked that all of the key belongs to this model.',
  'Bank: publishes this model.',
];

/** The example of SPEC section 20: four values under one step of 0.226 cm. */
export const IRIS_ROW = '5.1 2.5 3 1.1';

/** The first line of the applicants of docs/builder/credit-model.md. */
export const APPLICANT = '12,1736,31,no checking account,furniture/equipment,... < 100 DM,own';

const good = publicBundle();
const mixed = JSON.parse(base('mixed-a.proof.json', 'bundles-v2')) as AnyBundle & { model: AnyModelRecord };
const orderIndex = digestFixture.proofs.findIndex(
  ({ publicSignals }) => publicSignals.at(-1) === contextSignal(ORDER_7).toString(),
);
const ordered = bundleOf(creditRecord(), digestFixture, orderIndex);
const orderedOpening = makeOpening(creditRecord(), {
  index: orderIndex,
  values: DIGEST_VALUES,
  salt: DIGEST_SALT,
});

/** A model of a bank, on the proofs of `digestFixture`: the label of its proof for order 7 is 9. */
function creditRecord(): ModelRecord {
  return makeModelRecord({
    interface: {
      ...digestInterface,
      name: 'consumer-credit',
      output: { kind: 'argmax', count: 10, names: [...Array(9).fill('refused'), 'granted'] },
      input: {
        mode: 'digest',
        shape: [4],
        encoding: {
          kind: 'affine',
          offset: ['1800', '30', '0', '4000'],
          step: ['250', '2', '12', '500'],
          max: '255',
        },
        names: ['monthly income', 'age', 'duration', 'amount'],
        units: ['EUR', 'years', 'months', 'EUR'],
      },
    },
    manifest: {
      ...manifestOf('a'.repeat(64), 'credit.onnx'),
      claims: {
        producer: 'Example Bank',
        accuracy: { rows: 1000, labelFlips: 2, floatAccuracy: '0.779', integerAccuracy: '0.777' },
      },
    },
    setup: { ...ceremony, contributions: ['Example Bank', 'City Auditors', 'A. Notary'].map(contribution) },
    verificationKey: digestFixture.verificationKey,
  });
}

function contribution(name: string): SetupContribution {
  return { name, hash: 'cd'.repeat(64), kind: 'contribution' };
}

export const STATES: readonly PageState[] = [
  state('unconfirmed', receipt(mixed), 'unconfirmed', UNCONFIRMED, ALL),
  state('unconfirmed-public-v1', receipt(good), 'unconfirmed', UNCONFIRMED, ALL),
  state('pin-too-short', receipt(mixed), 'unconfirmed', UNCONFIRMED, ALL, (page) =>
    pin(page, mixed.model.ids.modelId.slice(0, 16)),
  ),
  state('pin-malformed', receipt(mixed), 'unconfirmed', UNCONFIRMED, ALL, (page) =>
    pin(page, 'credit model'),
  ),
  state('confirmed', receipt(mixed), 'confirmed', CONFIRMED, ALL, (page) =>
    pin(page, mixed.model.ids.modelId),
  ),
  state('confirmed-compared', receipt(ordered), 'confirmed', CONFIRMED, ALL, async (page) => {
    await openFile(page, '#opening', 'row.opening.json', fileJson(orderedOpening));
    await fillIn(page, {
      '#row': '2100 34 36 6000',
      '#context': 'order 7',
      '#model': ordered.model.ids.modelId,
    });
  }),
  ...vouchedFor(),
  ...toldBySender(),
  state('trial', receiptOfBase('label-a'), 'trial', TRIAL, ALL),
  state('trial-pinned', receipt(digestBundle()), 'trial', TRIAL, ALL, (page) =>
    pin(page, digestRecord().ids.modelId),
  ),
  state('trial-public-v2', receiptOfBase('open-a'), 'trial', TRIAL, ALL),
  state('trial-compared', receiptOfBase('label-a'), 'trial', TRIAL, ALL, async (page) => {
    await openFile(page, '#opening', 'row.opening.json', base('label-a.opening.json', 'bundles-v2'));
    await fillIn(page, { '#row': IRIS_ROW });
  }),
  state('trial-texts', receiptOfBase('credit-a'), 'trial', TRIAL, ALL, async (page) => {
    await openFile(page, '#opening', 'row.opening.json', base('credit-a.opening.json', 'bundles-v2'));
    await fillIn(page, { '#row': APPLICANT });
  }),
  state(
    'another-model',
    receipt(mixed),
    'another-model',
    'Another model made this decision, not the one you named.',
    ['model', 'now'],
    (page) => pin(page, good.model.ids.modelId),
  ),
  state(
    'other-occasion',
    receipt(ordered),
    'other-occasion',
    'This receipt was made for something else.',
    ['data', 'now'],
    (page) => fillIn(page, { '#context': 'order 8' }),
  ),
  ...otherData(),
  state(
    'changed',
    receipt({ ...good, proof: { ...good.proof, pi_c: good.proof.pi_a } }),
    'changed',
    CHANGED,
    ['change', 'now'],
  ),
  state('changed-v2', receipt(decisionSwapped(mixed)), 'changed', CHANGED, ['change', 'now']),
  state(
    'forgeable',
    { bundle: fileOfCase('key/delta-gamma', 'bundle') },
    'forgeable',
    'Anyone could have made this receipt: do not rely on it.',
    ['change', 'now'],
  ),
  state(
    'damaged',
    { bundle: bytes('no bundle') },
    'unreadable',
    'This is not a receipt, or it is damaged: do not rely on it.',
    ['now'],
  ),
  state('thin', receipt(good), 'incomplete', 'Not enough to check: a part is missing.', ['now'], (page) =>
    openFile(page, '#file', '000000.proof.json', fileJson(thin(ordered))),
  ),
  ...pagesOfOneModel(),
];

/** The reader opens a trust file and signed statements. */
function vouchedFor(): PageState[] {
  const ceremonyKey = receiptOfBase('ceremony-a');
  const missing = 'Not enough to check: a part is missing.';
  const { ada, grace, audit, bank } = honest();
  const all = { ada, grace, audit, bank };
  const retired = { ...all, retirement: retirement('2026-11-20T00:00:00Z') };
  return [
    state('vouched', ceremonyKey, 'confirmed', RELEASED, ALL, openTrust(all)),
    state('vouched-in-part', ceremonyKey, 'incomplete', missing, ['data', 'now'], openTrust({ ada, bank })),
    state(
      'retired',
      ceremonyKey,
      'retired',
      'The provider no longer uses this model.',
      ['now'],
      openTrust(retired),
    ),
    state('self-made', receiptOfBase('label-a'), 'self-made', TRIAL, ['now'], openTrust(all)),
  ];
}

/** The sender has put a trust file and signed statements into the receipt: the reader's result stays the same. */
function toldBySender(): PageState[] {
  const { ada, grace, audit, bank } = honest();
  const told = (statements: Readonly<Record<string, string>>): PageContent => ({
    ...(receiptOfBase('ceremony-a') as { readonly bundle: Uint8Array }),
    told: toldContent(
      JSON.stringify(trustFile()),
      Object.entries(statements).map(([name, content]) => ({ name: `${name}.json`, content })),
    ),
  });
  const all = told({ ada, grace, audit, bank });
  const { model } = JSON.parse(base('ceremony-a.proof.json', 'bundles-v2')) as { model: AnyModelRecord };
  return [
    {
      ...state('told', all, 'unconfirmed', UNCONFIRMED, ALL),
      says: [...TOLD_ALL, 'is the word of whoever sent it'],
      saysNot: ['your trust file', 'No declaration came', 'No signed declarations'],
    },
    {
      ...state('told-in-part', told({ ada }), 'unconfirmed', UNCONFIRMED, ALL),
      says: [
        'Ada: took part in setting up the key.',
        'No declaration came for this, which is only the provider’s word: that others took part in setting up the key as ' +
          'well, that all of the key belongs to this model, that the provider publishes this model',
      ],
      saysNot: ['Grace: took', 'Audit:'],
    },
    {
      ...state('told-nothing', receiptOfBase('ceremony-a'), 'unconfirmed', UNCONFIRMED, ALL),
      says: ['No signed declarations came with this receipt: who set up the key'],
      saysNot: ['took part in setting up the key.'],
    },
    {
      ...state('told-pinned', all, 'confirmed', CONFIRMED, ALL, (page) => pin(page, model.ids.modelId)),
      says: TOLD_ALL,
      saysNot: ['your trust file'],
    },
    // What came with the receipt counts for a reader who trusts its signers.
    {
      ...state('told-and-trusted', all, 'confirmed', RELEASED, ALL, openTrust({})),
      says: ['Those whom your trust file names have signed'],
      saysNot: ['is the word of whoever sent it'],
    },
  ];
}

function openTrust(statements: Readonly<Record<string, string>>): NonNullable<PageState['act']> {
  const files = Object.entries({ trust: JSON.stringify(trustFile()), ...statements });
  return async (page) => {
    await page.setInputFiles(
      '#file',
      files.map(([name, text]) => ({
        ...{ name: `${name}.json`, mimeType: 'application/json' },
        buffer: Buffer.from(text),
      })),
    );
    await page.waitForFunction(() => document.querySelector('#trust-said')?.textContent?.includes('count'));
  };
}

function otherData(): PageState[] {
  const headline = 'This receipt is not about the data you gave.';
  const far = 'Your data is farther from this receipt’s than you allow.';
  const opening = base('label-a.opening.json', 'bundles-v2');
  return [
    state('data-differs', receiptOfBase('label-a'), 'other-data', headline, ['data', 'now'], async (page) => {
      await openFile(page, '#opening', 'row.opening.json', opening);
      await fillIn(page, { '#row': '5.1 2.5 4 1.1' });
    }),
    state('data-too-far', receiptOfBase('label-a'), 'other-data', far, ['data', 'now'], async (page) => {
      await openFile(page, '#opening', 'row.opening.json', opening);
      await fillIn(page, { '#row': IRIS_ROW, '#tolerance': '0.25' });
    }),
    state(
      'data-wrong-opening',
      receiptOfBase('label-a'),
      'other-data',
      'The opening file does not belong to this receipt.',
      ['data', 'now'],
      (page) => openFile(page, '#opening', 'row.opening.json', base('label-b.opening.json', 'bundles-v2')),
    ),
    state(
      'data-unfit',
      receiptOfBase('label-a'),
      'other-data',
      'What you typed cannot be given to this model.',
      ['data', 'now'],
      async (page) => {
        await openFile(page, '#opening', 'row.opening.json', opening);
        await fillIn(page, { '#row': '5.1 2.5 3' });
      },
    ),
    state(
      'data-without-opening',
      receiptOfBase('label-a'),
      'incomplete',
      'Not enough to check: a part is missing.',
      ['data', 'now'],
      (page) => fillIn(page, { '#row': IRIS_ROW }),
    ),
    state(
      'data-without-row',
      receiptOfBase('label-a'),
      'incomplete',
      'Not enough to check: a part is missing.',
      ['data', 'now'],
      (page) => fillIn(page, { '#tolerance': '0.25' }),
    ),
  ];
}

/** verify.html */
function pagesOfOneModel(): PageState[] {
  const model = { model: bytes(fileJson(creditRecord())) };
  const drop = (name: string, text: string) => (page: Page) => openFile(page, '#file', name, text);
  return [
    state('verify-waiting', model, 'waiting', 'Check a receipt of this model.', []),
    state(
      'verify-confirmed',
      model,
      'confirmed',
      'Confirmed: the model of this page made this decision.',
      ALL,
      drop('000000.proof.json', fileJson(thin(ordered))),
    ),
    state(
      'verify-another-model',
      model,
      'another-model',
      'Another model made this decision, not the one of this page.',
      ['model', 'now'],
      drop('scores.proof.json', fileJson(good)),
    ),
    state(
      'verify-thin-of-another-model',
      model,
      'another-model',
      'Another model made this decision, not the one of this page.',
      ['model', 'now'],
      drop('000003.proof.json', fileJson(thin(good))),
    ),
    state(
      'verify-not-a-receipt',
      model,
      'unreadable',
      'This is not a receipt, or it is damaged: do not rely on it.',
      ['now'],
      drop('holiday.json', '{"photos":[]}'),
    ),
    state(
      'verify-newer',
      model,
      'newer',
      'This page cannot read this kind of file.',
      ['now'],
      drop('new.proof.json', fileJson(good).replace('quietproof/bundle/v1', 'quietproof/bundle/v9')),
    ),
    state(
      'verify-opening-alone',
      model,
      'incomplete',
      'Not enough to check: a part is missing.',
      [],
      drop('row.opening.json', fileJson(orderedOpening)),
    ),
  ];
}

function state(
  name: string,
  content: PageContent,
  finding: PageState['finding'],
  headline: string,
  questions: readonly Question[],
  act?: PageState['act'],
): PageState {
  return { name, content, finding, headline, questions, ...(act !== undefined && { act }) };
}

function receipt(bundle: AnyBundle): PageContent {
  return { bundle: bytes(fileJson(bundle)) };
}

function receiptOfBase(name: string): PageContent {
  return { bundle: bytes(base(`${name}.proof.json`, 'bundles-v2')) };
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function thin({ model: _, ...bundle }: AnyBundle): AnyBundle {
  return bundle as AnyBundle;
}

/** The first public signal is the decision, 0 or 1. */
function decisionSwapped(bundle: AnyBundle): AnyBundle {
  const [decision, ...rest] = bundle.publicSignals;
  return { ...bundle, publicSignals: [decision === '1' ? '0' : '1', ...rest] } as AnyBundle;
}

/** Pastes a model id and compares. */
export async function pin(page: Page, id: string): Promise<void> {
  await page.fill('#model', id);
  await page.click('#pin button');
}

/** Fills in fields, folded ones too, and compares. */
export async function fillIn(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  await page.evaluate(() => document.querySelector('#compare')?.setAttribute('open', ''));
  for (const [field, text] of Object.entries(fields)) await page.fill(field, text);
  await page.click('#compare button');
}

/** Chooses a file, and waits until the page has taken it. */
export async function openFile(
  page: Page,
  field: '#file' | '#opening',
  name: string,
  text: string,
): Promise<void> {
  const before = await page.evaluate(() => document.querySelector('#said')?.innerHTML);
  await page.setInputFiles(field, { name, mimeType: 'application/json', buffer: Buffer.from(text) });
  if (field === '#file')
    await page.waitForFunction((old) => document.querySelector('#said')?.innerHTML !== old, before);
  else
    await page.waitForFunction(
      (file) => document.querySelector('#opening-name')?.textContent?.includes(file),
      name,
    );
}

/** A file of a case of the corpus of version 2. */
export function fileOfCase(id: string, file: 'bundle' | 'input' | 'opening'): Buffer {
  const found = readCases('bundles-v2').find((one) => one.id === id);
  return materialise(found!.files[file]!, 'bundles-v2');
}
