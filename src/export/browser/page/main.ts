import {
  type AnyModelRecord,
  bundleInReceipt,
  contextOf,
  contextSignal,
  EMPTY_CONTEXT,
  fileJson,
  isReceipt,
  parseAnyBundle,
  parseAnyModelRecord,
  RECEIPT_CLOSE,
  RECEIPT_OPEN,
  Refusal,
  type Verdict,
  type VerifyOptions,
  verifyBundle,
} from '@quietproof/verify';
import { byId, element, foreign } from './dom.ts';
import { kindOf, readQuestions, showFieldError } from './questions.ts';
import { renderVerdict } from './render-verdict.ts';

/** What is being checked. Opening another bundle replaces all of it. */
interface Subject {
  readonly bundle: Uint8Array;
  readonly file?: string;
  readonly opening?: Uint8Array;
}

let subject: Subject | undefined;
/** The record for thin bundles: the page's own model, or that of the last bundle that contained one. */
let companion: Uint8Array | undefined;

start();

function start(): void {
  const own = embedded('quietproof-bundle');
  companion = embedded('quietproof-model');
  if (companion !== undefined) pin(parseAnyModelRecord(companion));
  byId('questions').addEventListener('submit', (event) => {
    event.preventDefault();
    check();
    byId('verdict').focus();
  });
  watchFiles();
  byId('save').addEventListener('click', save);
  if (own === undefined) {
    document.documentElement.dataset.state = 'waiting';
    return;
  }
  subject = { bundle: own };
  // Lets the browser paint the page first.
  setTimeout(check);
}

/** Checks the subject with the options in the form, and shows the verdict. */
function check(): void {
  if (subject === undefined) return;
  const asked = readQuestions();
  showFieldError('field' in asked ? asked : undefined);
  if ('field' in asked) return;
  const { row, ...questions } = asked;
  const { bundle, file, opening } = subject;
  const options: VerifyOptions = {
    ...questions,
    ...(companion !== undefined && { companion }),
    ...((row !== undefined || opening !== undefined) && {
      input: { ...(row !== undefined && { row }), ...(opening !== undefined && { opening }) },
    }),
  };
  const verdict = verifyBundle(bundle, options);
  renderVerdict({
    verdict,
    file,
    rowSource: row === undefined ? 'opening' : 'reader',
    ...(verdict.valid ? contentOf(bundle, verdict) : { record: undefined, inContext: false }),
  });
  byId('save').hidden = false;
  // For tests: milliseconds since the page was opened.
  document.documentElement.dataset.took = performance.now().toFixed();
}

/** What the page shows of a valid bundle in addition to its verdict. */
function contentOf(
  bundle: Uint8Array,
  { contextId }: Verdict,
): { record: AnyModelRecord | undefined; inContext: boolean } {
  const { model, publicSignals } = parseAnyBundle(bundle);
  if (model !== undefined && !pinned()) companion = new TextEncoder().encode(fileJson(model));
  return {
    record: model ?? (companion && parseAnyModelRecord(companion)),
    inContext: !isForNobody(contextOf(publicSignals), contextId),
  };
}

/** Whether a context has no caller's part, with the record's part or without one. */
function isForNobody(signal: string, contextId: string | undefined): boolean {
  if (signal === EMPTY_CONTEXT.toString()) return true;
  if (contextId === undefined) return false;
  const own = Uint8Array.from(contextId.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  return signal === contextSignal(new Uint8Array(), own).toString();
}

function watchFiles(): void {
  for (const input of [byId<HTMLInputElement>('file'), byId<HTMLInputElement>('opening')]) {
    input.addEventListener('change', () => {
      const chosen = [...(input.files ?? [])];
      input.value = '';
      void open(chosen);
    });
  }
  const zone = byId('drop');
  addEventListener('dragover', (event) => {
    event.preventDefault();
    zone.classList.add('over');
  });
  addEventListener('dragleave', () => zone.classList.remove('over'));
  addEventListener('drop', (event) => {
    event.preventDefault();
    zone.classList.remove('over');
    void open([...(event.dataTransfer?.files ?? [])]);
  });
}

/** Opens files in the order in which they depend on each other: model record, bundle, opening. */
async function open(files: readonly File[]): Promise<void> {
  const read = await Promise.all(
    files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
  );
  const kinds = read.map((file) => ({ ...file, kind: kindOf(new TextDecoder().decode(file.bytes)) }));
  for (const { bytes } of kinds.filter(({ kind }) => kind === 'model')) if (!pinned()) companion = bytes;
  for (const { bytes, name } of kinds.filter(({ kind }) => kind === 'bundle')) openBundle(bytes, name);
  for (const { bytes, name } of kinds.filter(({ kind }) => kind === 'opening')) openInput(bytes, name);
  check();
  byId('verdict').focus();
}

function openBundle(bytes: Uint8Array, file: string): void {
  subject = { bundle: unwrapped(bytes), file };
  byId<HTMLInputElement>('context').value = '';
  byId<HTMLTextAreaElement>('row').value = '';
  byId<HTMLInputElement>('tolerance').value = '';
  byId('opening-name').textContent = '';
}

function openInput(opening: Uint8Array, name: string): void {
  if (subject === undefined) return;
  subject = { ...subject, opening };
  byId('opening-name').textContent = name;
}

function pin(model: AnyModelRecord): void {
  const field = byId<HTMLInputElement>('model');
  field.value = model.ids.modelId;
  field.readOnly = true;
  byId('pinned').append(
    'Model ',
    foreign(model.interface.name),
    ', ',
    element('code', 'id', model.ids.modelId),
  );
}

function pinned(): boolean {
  return byId<HTMLInputElement>('model').readOnly;
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

/** The bundle in a receipt. Any other file, or a receipt without a bundle, is returned unchanged for the verifier. */
function unwrapped(bytes: Uint8Array): Uint8Array {
  try {
    return isReceipt(bytes) ? bundleInReceipt(bytes) : bytes;
  } catch (error) {
    if (error instanceof Refusal) return bytes;
    throw error;
  }
}

/** The bytes of a data block of this page; undefined if it does not exist. */
function embedded(id: string): Uint8Array | undefined {
  const block = document.getElementById(id);
  if (block === null) return undefined;
  // Read in the same way as dropped receipts, so that both give the same bytes or none.
  return unwrapped(new TextEncoder().encode(RECEIPT_OPEN + block.textContent + RECEIPT_CLOSE));
}
