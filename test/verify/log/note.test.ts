import { describe, expect, it } from 'vitest';
import { checkCheckpoint, readCheckpoint } from '../../../src/verify/log/checkpoint.ts';
import { checkSignatures, noteKeyText, readNote, readNoteKey } from '../../../src/verify/log/note.ts';
import { newSigner, ORIGIN } from '../../log/support.ts';

/** The example of Go's package golang.org/x/mod/sumdb/note. */
const GO_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_NOTE = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;
const ROOT = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

const code = (act: () => unknown) => {
  try {
    act();
    return 'none';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('a signed note', () => {
  const key = readNoteKey(GO_KEY);

  it('made by Go is read, and its signature holds', () => {
    expect(noteKeyText(key)).toBe(GO_KEY);
    expect(checkSignatures(readNote(GO_NOTE), [key])).toEqual([{ key, time: undefined }]);
  });

  it('with another text, signature or key is refused, or has no known signature', () => {
    const changed = GO_NOTE.replace('cryptography', 'a blockchain');
    expect(code(() => checkSignatures(readNote(changed), [key]))).toBe('QP7703');
    expect(code(() => checkSignatures(readNote(GO_NOTE.replace('yBwJnAM', 'yBwJnAU')), [key]))).toBe(
      'QP7703',
    );
    expect(checkSignatures(readNote(GO_NOTE), [newSigner('PeterNeumann').key])).toEqual([]);
  });

  it.each([
    ['no signature', 'text\n\n'],
    ['no blank line', 'text\n— name AAAAAAA=\n'],
    ['no final newline', GO_NOTE.slice(0, -1)],
    ['a carriage return', GO_NOTE.replace('\n', '\r\n')],
    ['a plus in a name', GO_NOTE.replace('PeterNeumann', 'Peter+Neumann')],
    ['a hyphen for a dash', GO_NOTE.replace('—', '-')],
    ['a short signature', 'text\n\n— name AAAA\n'],
    ['base64 that is not canonical', GO_NOTE.replace('JnAM=', 'JnAN=')],
    [
      '65 signatures',
      `${GO_NOTE}${GO_NOTE.split('\n').at(-2)}\n`.repeat(1) + `${GO_NOTE.split('\n').at(-2)}\n`.repeat(63),
    ],
    ['too many characters', `${'x'.repeat(70_000)}\n\n— name AAAAAAA=\n`],
  ])('with %s is refused', (_, note) => {
    expect(code(() => readNote(note))).toBe('QP7701');
  });

  it.each([
    GO_KEY.replace('c74f20a3', 'c74f20a4'),
    GO_KEY.replace('+AR', '+BR'),
    GO_KEY.slice(0, -4),
    'name',
    GO_KEY.replace('Peter', 'Pet er'),
  ])('key %s is refused', (text) => {
    expect(code(() => readNoteKey(text))).toBe('QP7702');
  });
});

describe('a checkpoint', () => {
  const [log, witness] = [newSigner(), newSigner('witness.example', 'cosignature')];
  const policy = { origin: ORIGIN, keys: [log.key], witnesses: [witness.key] };
  const text = `${ORIGIN}\n0\n${ROOT}\n`;
  const signed = `${text}\n${log.signatureLine(text)}`;

  it('is the log’s, and says who else saw it and when', () => {
    expect(checkCheckpoint(signed, policy)).toMatchObject({ origin: ORIGIN, size: 0, cosignatures: [] });
    const cosigned = signed + witness.signatureLine(text, 1_700_000_000);
    expect(checkCheckpoint(cosigned, policy).cosignatures).toEqual([
      { key: witness.key, time: 1_700_000_000 },
    ]);
  });

  it('counts a witness once, and none that it does not know', () => {
    const twice = signed + witness.signatureLine(text, 1) + witness.signatureLine(text, 2);
    expect(checkCheckpoint(twice, policy).cosignatures).toHaveLength(1);
    const stranger = newSigner('witness.example', 'cosignature').signatureLine(text, 1);
    expect(checkCheckpoint(signed + stranger, policy).cosignatures).toEqual([]);
  });

  it('is refused if it is of another log, unsigned by it, or cosigned at another time', () => {
    expect(code(() => checkCheckpoint(signed, { ...policy, origin: 'other' }))).toBe('QP7705');
    expect(code(() => checkCheckpoint(signed, { ...policy, keys: [newSigner().key] }))).toBe('QP7706');
    const onlyWitness = `${text}\n${witness.signatureLine(text, 1)}`;
    expect(code(() => checkCheckpoint(onlyWitness, policy))).toBe('QP7706');
    const line = witness.signatureLine(text, 7).split(' ')[2]!.trim();
    const bytes = Buffer.from(line, 'base64');
    bytes[11] = 8;
    const moved = `${signed}— witness.example ${bytes.toString('base64')}\n`;
    expect(code(() => checkCheckpoint(moved, policy))).toBe('QP7703');
  });

  it.each([
    ['a size with a leading zero', `${ORIGIN}\n00\n${ROOT}\n`],
    ['a size above 2^53', `${ORIGIN}\n9007199254740993\n${ROOT}\n`],
    ['a negative size', `${ORIGIN}\n-1\n${ROOT}\n`],
    ['a short root', `${ORIGIN}\n0\nAAAA\n`],
    ['two lines', `${ORIGIN}\n0\n`],
    ['an empty origin', `\n0\n${ROOT}\n`],
  ])('with %s is refused', (_, body) => {
    expect(code(() => readCheckpoint(`${body}\n${log.signatureLine(body)}`))).toBe('QP7704');
  });
});
