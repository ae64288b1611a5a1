import { parseAnyModelRecord, RECEIPT_CLOSE, RECEIPT_OPEN } from '@quietproof/verify';
import { checkSubject } from './check-subject.ts';
import { byId, element, fill, foreign, paragraph } from './dom.ts';
import { type OpenedFile, readFiles, unwrapped, watchFiles } from './files.ts';
import { clearQuestions, readQuestions, showFieldErrors } from './questions.ts';
import { ReaderTrust } from './reader-trust.ts';
import { renderMissingReceipt, renderPage } from './render-page.ts';
import type { Subject } from './subject.ts';
import { text } from './template.ts';
import { readTold } from './told.ts';
import { FORM, PAGE } from './words.ts';

let subject: Subject | undefined;
/** The record for thin bundles: the page's own model, or that of the last bundle that contained one. */
let companion: Uint8Array | undefined;
/** What the sender of this page tells of its own bundle. */
const told = readTold(embedded('quietproof-told'));
const trust = new ReaderTrust(told?.statements ?? []);
/** The only model whose proofs this page accepts. */
let pageModel: string | undefined;

start();

function start(): void {
  const own = embedded('quietproof-bundle');
  companion = embedded('quietproof-model');
  watchForm();
  if (companion !== undefined) waitFor(companion);
  if (own === undefined) return;
  subject = { bundle: own };
  fill('said', element('h1', '', PAGE.checking), element('p', 'lead', PAGE.checkingLead));
  // Lets the browser paint the page first.
  setTimeout(check);
}

function watchForm(): void {
  byId('questions').addEventListener('submit', (event) => {
    event.preventDefault();
    if (check()) byId('verdict').focus();
  });
  byId('again').addEventListener('click', () => {
    byId<HTMLInputElement>('model').value = '';
    check();
    byId('model').focus();
  });
  watchFiles((files) => void open(files));
  byId('save').addEventListener('click', save);
}

/** A page for one model says which, and waits for a file. */
function waitFor(record: Uint8Array): void {
  const model = parseAnyModelRecord(record);
  pageModel = model.ids.modelId;
  const accepts = paragraph(PAGE.waitingModel, { name: foreign(model.interface.name) });
  accepts.className = 'lead';
  const id = element(
    'details',
    'aside',
    element('summary', '', PAGE.waitingId),
    element('code', 'id', pageModel),
  );
  fill('said', element('h1', '', PAGE.waiting), element('p', 'lead', PAGE.waitingLead), accepts, id);
  document.documentElement.dataset.state = 'waiting';
}

/** Checks the subject with what the form asks, and shows the result. @returns whether every field could be read */
function check(): boolean {
  if (subject === undefined) return true;
  const { asked, errors } = readQuestions();
  const { shown, record } = checkSubject(subject, asked, {
    companion,
    pageModel,
    told,
    trust: trust.vouching,
  });
  if (record !== undefined && pageModel === undefined) companion = record;
  renderPage(shown);
  trust.show(shown.verdict);
  byId('save').hidden = false;
  // For tests: milliseconds since the page was opened.
  document.documentElement.dataset.took = performance.now().toFixed();
  return !showFieldErrors(errors);
}

/** Takes files in the order in which they depend on each other: model record, bundle, opening. */
async function open(files: readonly File[]): Promise<void> {
  const opened = await readFiles(files);
  for (const { bytes } of opened.model) if (pageModel === undefined) companion = bytes;
  for (const { bytes, name } of opened.bundle) openBundle({ bytes, name });
  trust.take(opened.trust, opened.statement);
  for (const { bytes, name } of opened.opening) openOpening({ bytes, name });
  if (subject === undefined && opened.model.length + opened.opening.length > 0) renderMissingReceipt();
  if (check()) byId('verdict').focus();
}

function openBundle({ bytes, name }: OpenedFile): void {
  subject = { bundle: unwrapped(bytes), file: name };
  clearQuestions();
  byId('opening-name').textContent = '';
}

function openOpening({ bytes, name }: OpenedFile): void {
  if (subject === undefined) return;
  subject = { ...subject, opening: bytes };
  byId('opening-name').textContent = text(FORM.opening.chosen, { file: name });
}

function save(): void {
  if (subject === undefined) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(
    new Blob([subject.bundle as Uint8Array<ArrayBuffer>], { type: 'application/json' }),
  );
  link.download = 'bundle.proof.json';
  link.click();
  URL.revokeObjectURL(link.href);
}

/** The bytes of a data block of this page; undefined if it does not exist. */
function embedded(id: string): Uint8Array | undefined {
  const block = document.getElementById(id);
  if (block === null) return undefined;
  // Read in the same way as dropped receipts, so that both give the same bytes or none.
  return unwrapped(new TextEncoder().encode(RECEIPT_OPEN + block.textContent + RECEIPT_CLOSE));
}
