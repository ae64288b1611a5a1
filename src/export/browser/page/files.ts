import { bundleInReceipt, isReceipt, Refusal } from '@quietproof/verify';
import { byId } from './dom.ts';
import { type FileKind, kindOf } from './file-kind.ts';

export interface OpenedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Calls back with every file that the reader chooses or drops. */
export function watchFiles(open: (files: readonly File[]) => void): void {
  for (const input of [byId<HTMLInputElement>('file'), byId<HTMLInputElement>('opening')]) {
    input.addEventListener('change', () => {
      const chosen = [...(input.files ?? [])];
      input.value = '';
      open(chosen);
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
    open([...(event.dataTransfer?.files ?? [])]);
  });
}

/** Reads files, and sorts them by what they are. */
export async function readFiles(files: readonly File[]): Promise<Record<FileKind, OpenedFile[]>> {
  const read = await Promise.all(
    files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
  );
  const sorted: Record<FileKind, OpenedFile[]> = {
    ...{ model: [], bundle: [], opening: [] },
    ...{ trust: [], statement: [] },
  };
  for (const file of read) sorted[kindOf(new TextDecoder().decode(file.bytes))].push(file);
  return sorted;
}

/** The bundle in a receipt. Any other file, or a receipt without a bundle, is returned unchanged for the verifier. */
export function unwrapped(bytes: Uint8Array): Uint8Array {
  try {
    return isReceipt(bytes) ? bundleInReceipt(bytes) : bytes;
  } catch (error) {
    if (error instanceof Refusal) return bytes;
    throw error;
  }
}
