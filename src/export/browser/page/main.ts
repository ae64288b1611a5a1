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

/** What is being checked; replaced as a whole when another bundle is opened. */
interface Subject {
  readonly bundle: Uint8Array;
  readonly file?: string;
  readonly opening?: Uint8Array;
}

let subject: Subject | undefined;
/** The record thin bundles are read with: the page's own model, or that of the last bundle that held one. */
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
  // The page is painted before it is busy.
  setTimeout(check);
}

/** Checks the subject, asking what the form says, and shows the verdict. */
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
  // Milliseconds since the page was opened, for tests.
  document.documentElement.dataset.took = performance.now().toFixed();
}

/** What the page shows of a bundle that has been found valid, besides its verdict. */
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

/** Opens files in the order in which they make sense together: a model record, a bundle, what opens its input. */
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

/** The bundle in a receipt; any other file, and a receipt without one, as it is: the verifier says what is wrong. */
function unwrapped(bytes: Uint8Array): Uint8Array {
  try {
    return isReceipt(bytes) ? bundleInReceipt(bytes) : bytes;
  } catch (error) {
    if (error instanceof Refusal) return bytes;
    throw error;
  }
}

/** The bytes of a data block of this page; undefined where it has none. */
function embedded(id: string): Uint8Array | undefined {
  const block = document.getElementById(id);
  if (block === null) return undefined;
  // The reader that dropped receipts go through, so that both see the same bytes or none.
  return unwrapped(new TextEncoder().encode(RECEIPT_OPEN + block.textContent + RECEIPT_CLOSE));
}
