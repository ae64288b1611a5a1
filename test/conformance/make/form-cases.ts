import type { CheckId } from '@quietproof/verify';
import { base } from '../materialise.ts';
import type { Json } from './canonical.ts';
import { type Content, type Corpus, labelA, logitsA } from './corpus.ts';
import { thin } from './valid-cases.ts';

const TEXT = base(labelA.file);

/** Files that violate the file form of SPEC.md, section 1, whatever their content. */
export function formCases(corpus: Corpus): void {
  const bad = (id: string, what: string, content: Content, check: CheckId = 'format') =>
    corpus.bundle(`form/${id}`, what, labelA, content, { check });
  const edited = (id: string, what: string, from: string, to: string) => {
    if (!TEXT.includes(from)) throw new Error(`${id}: nothing to edit`);
    bad(
      id,
      what,
      TEXT.replace(from, () => to),
    );
  };
  bad('empty', 'No bytes at all', '');
  bad('not-json', 'Not JSON', 'proof\n');
  bad('null', 'JSON, and not an object', 'null\n');
  bad('array', 'A list of the bundle', [labelA.copy()]);
  bad('string', 'The bundle as a JSON string', `${JSON.stringify(TEXT)}\n`);
  bad('byte-order-mark', 'A byte order mark before it', `\ufeff${TEXT}`);
  bad('utf-16', 'UTF-16', Buffer.from('\ufeff{}', 'utf16le'));
  bad(
    'not-utf-8',
    'A byte that is not UTF-8',
    Buffer.from([...Buffer.from('{"version":"'), 0xff, ...Buffer.from('"}\n')]),
  );
  bad('overlong', 'An overlong UTF-8 form of "{"', Buffer.from([0xc1, 0xbb, 0x7d, 0x0a]));
  bad('carriage-returns', 'Lines that end in CR LF', TEXT.replaceAll('\n', '\r\n'));
  bad('no-last-newline', 'Without the line feed at the end', TEXT.trimEnd());
  bad('two-last-newlines', 'Two line feeds at the end', `${TEXT}\n`);
  bad('minified', 'Without white space', JSON.stringify(labelA.copy()));
  bad('four-spaces', 'Four spaces a level', `${JSON.stringify(labelA.copy(), null, 4)}\n`);
  bad('trailing-content', 'A second value behind it', `${TEXT}{}\n`);
  bad('nul-behind', 'A NUL byte behind it', `${TEXT}\0`);
  edited('comment', 'A comment', '{\n', '{ // bundle\n');
  edited('trailing-comma', 'A comma before a closing bracket', '"signatures": []', '"signatures": [],');
  edited('key-order', 'Two keys in another order', '"curve": "bn128",\n    "pi_a"', '"pi_a"');
  edited('escaped-letter', 'A letter written as an escape', '"groth16"', '"groth\\u00316"');
  edited('escaped-slash', 'A slash written as an escape', 'application/vnd', 'application\\/vnd');
  edited('single-quotes', 'Single quotes', '"groth16"', "'groth16'");
  edited('lone-surrogate', 'A lone surrogate', '"setosa"', '"\\ud800"');
  edited('control-character', 'A tab in a name', '"setosa"', '"se\\ttosa"');
  edited('raw-control-character', 'A raw line feed in a string', '"setosa"', '"se\ntosa"');
  edited('right-to-left', 'A right-to-left override in a name', '"setosa"', '"\u202easotes"');
  edited('line-separator', 'A line separator in a name', '"setosa"', '"se\u2028tosa"');
  edited('delete-character', 'DEL, a control character, in a name', '"setosa"', '"se\u007ftosa"');
  edited('long-text', 'A text of 1025 characters', '"setosa"', `"${'s'.repeat(1025)}"`);
  edited(
    'duplicate-key',
    'The same key twice with the same value',
    '"curve": "bn128",\n    "pi_a"',
    '"curve": "bn128",\n    "curve": "bn128",\n    "pi_a"',
  );
  edited(
    'duplicate-signals',
    'The signals twice with other values',
    '"publicSignals": [',
    '"publicSignals": ["0"],\n  "publicSignals": [',
  );
  edited(
    'duplicate-escaped',
    'The same key twice, once escaped',
    '"proof": {',
    '"\\u0070roof": {},\n  "proof": {',
  );
  edited('proto-key', 'A key named __proto__', '"proof": {', '"__proto__": {},\n  "proof": {');
  numbers(edited);
  sizes(bad);
  members(corpus);
  corpus.bundle('form/thin-without-companion', 'A thin bundle, and no model.json', labelA, thin(labelA), {
    check: 'model-record',
  });
  corpus.bundle(
    'form/thin-other-companion',
    "A thin bundle with another model's model.json",
    labelA,
    thin(labelA),
    { check: 'binding' },
    { companion: logitsA.copy().model },
  );
  corpus.bundle(
    'form/thin-minified-companion',
    'A thin bundle whose model.json is not in file form',
    labelA,
    thin(labelA),
    { check: 'model-record' },
    { companion: JSON.stringify(labelA.copy().model) },
  );
  corpus.bundle(
    'form/thin-bundle-as-companion',
    'A thin bundle with a bundle for its model.json',
    labelA,
    thin(labelA),
    { check: 'model-record' },
    { companion: labelA.copy() },
  );
}

function numbers(edited: (id: string, what: string, from: string, to: string) => void): void {
  const forms = {
    'as-real': '501.0',
    exponent: '501e0',
    'leading-zero': '0501',
    plus: '+501',
    fraction: '501.5',
    hex: '0x1f5',
    nan: 'NaN',
    infinity: 'Infinity',
    string: '"501"',
    null: 'null',
    true: 'true',
    list: '[]',
    'too-large': '9007199254740992',
    negative: '-501',
    'minus-zero': '-0',
  };
  for (const [name, form] of Object.entries(forms)) {
    edited(
      `number-${name}`,
      `The number of constraints as ${form}`,
      '"constraints": 501',
      `"constraints": ${form}`,
    );
  }
}

function sizes(bad: (id: string, what: string, content: Content) => void): void {
  const tail = TEXT.slice(1);
  bad('too-large', 'More than 1 MiB, of spaces', { repeat: ['{', ' ', 1_048_576, tail] });
  bad('one-byte-too-large', 'One byte more than 1 MiB', {
    repeat: ['{', ' ', 1_048_577 - TEXT.length, tail],
  });
  bad('as-large-as-may-be', 'Exactly 1 MiB, of spaces', {
    repeat: ['{', ' ', 1_048_576 - TEXT.length, tail],
  });
  bad('nested-in-lists', '100,000 lists in each other', {
    repeat: ['', '[', 100_000, `${']'.repeat(10)}\n`],
  });
  bad('nested-in-objects', '100,000 objects in each other', { repeat: ['', '{"a":', 100_000, '0\n'] });
  bad('nested-17', '17 levels', `{"proof":${'['.repeat(16)}${']'.repeat(16)}}\n`);
  bad('many-keys', '100,000 keys', { repeat: ['{', '"k":0,', 100_000, '"l":0}\n'] });
  bad('long-number', 'A number of a million digits', {
    repeat: ['{"publicSignals":', '9', 1_000_000, '}\n'],
  });
  bad('long-decimal', 'A decimal of a million digits', {
    repeat: [`${TEXT.slice(0, TEXT.indexOf('"publicSignals"'))}"publicSignals": ["`, '9', 1_000_000, '"]}\n'],
  });
  bad('long-payload', 'A payload of a million characters', {
    repeat: [`${TEXT.slice(0, TEXT.indexOf('"payload"'))}"payload": "`, 'A', 1_000_000, '"}}\n'],
  });
}

/** Every object of the format, with one key missing and with one extra key. */
function members(corpus: Corpus): void {
  const paths = [
    '',
    'proof',
    'statement',
    'model',
    'model.ids',
    'model.interface',
    'model.interface.input',
    'model.interface.input.encoding',
    'model.interface.output',
    'model.interface.signals.0',
    'model.manifest',
    'model.manifest.chain',
    'model.setup',
    'model.verificationKey',
  ];
  const at = (bundle: Json, path: string) =>
    path.split('.').reduce((json, key) => (key === '' ? json : json[key]), bundle);
  for (const path of paths) {
    const name = path === '' ? 'bundle' : path.replaceAll('.', '-');
    const [more, less] = [labelA.copy(), labelA.copy()];
    at(more, path).zzz = '0';
    const key = Object.keys(at(less, path)).findLast(
      (member) => !['model', 'names', 'units', 'claims'].includes(member),
    ) as string;
    delete at(less, path)[key];
    corpus.bundle(`member/${name}-unknown`, `An unknown key in ${path || 'the bundle'}`, labelA, more, {
      check: 'format',
    });
    corpus.bundle(
      `member/${name}-missing`,
      `${path === '' ? key : `${path}.${key}`} is missing`,
      labelA,
      less,
      { check: 'format' },
    );
  }
  const typed = (id: string, what: string, change: (bundle: Json) => void) => {
    const bundle = labelA.copy();
    change(bundle);
    corpus.bundle(`member/${id}`, what, labelA, bundle, { check: 'format' });
  };
  typed('proof-list', 'The proof as a list', (b) => {
    b.proof = [b.proof];
  });
  typed('proof-null', 'The proof is null', (b) => {
    b.proof = null;
  });
  typed('model-null', 'The model record is null', (b) => {
    b.model = null;
  });
  typed('signals-object', 'The signals as an object', (b) => {
    b.publicSignals = { ...b.publicSignals };
  });
  typed('point-two', 'pi_a with two coordinates', (b) => b.proof.pi_a.pop());
  typed('point-four', 'pi_a with four coordinates', (b) => b.proof.pi_a.push('0'));
  typed('fp2-three', 'A coordinate of pi_b with three parts', (b) => b.proof.pi_b[0].push('0'));
  typed('g2-two', 'pi_b with two coordinates', (b) => b.proof.pi_b.pop());
  typed('curve', 'Another curve', (b) => {
    b.proof.curve = 'bls12381';
  });
  typed('protocol', 'Another protocol', (b) => {
    b.proof.protocol = 'plonk';
  });
  typed('version', 'A version of the bundle that does not exist', (b) => {
    b.version = 'quietproof/bundle/v2';
  });
  typed('model-version', 'A version of the record that does not exist', (b) => {
    b.model.version = 'quietproof/model/v2';
  });
  typed('interface-version', 'A version of the interface that does not exist', (b) => {
    b.model.interface.version = 'quietproof/interface/v2';
  });
  typed('signatures', 'A signature, which this version cannot check', (b) => {
    b.statement.signatures = [{ keyid: '', sig: 'AA==' }];
  });
  typed('payload-type', 'Another payload type', (b) => {
    b.statement.payloadType = 'application/json';
  });
  typed('id-upper-case', 'An id in upper case', (b) => {
    b.model.ids.keyId = b.model.ids.keyId.toUpperCase();
  });
  typed('id-short', 'An id of 62 digits', (b) => {
    b.model.ids.keyId = b.model.ids.keyId.slice(2);
  });
  typed('alphabeta', "snarkjs' vk_alphabeta_12 in the key", (b) => {
    b.model.verificationKey.vk_alphabeta_12 = [];
  });
  typed('ic-empty', 'No IC points', (b) => {
    b.model.verificationKey.IC = [];
  });
  typed('weights', 'Weights of an unknown kind', (b) => {
    b.model.manifest.weights = 'committed';
  });
}
