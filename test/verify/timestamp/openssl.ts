/** An authority of OpenSSL's own, with certificates that it made: a root, an authority below it, and those that sign. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { timestampQuery } from '../../../src/log/timestamp-query.ts';

export type KeyForm = 'rsa' | 'p256' | 'p384';

/** Sections of extensions, by name. */
const EXTENSIONS = `
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[middle]
basicConstraints = critical,CA:true,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
extendedKeyUsage = timeStamping
[leaf]
basicConstraints = CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
[no_purpose]
basicConstraints = CA:false
[not_critical]
extendedKeyUsage = timeStamping
[two_purposes]
extendedKeyUsage = critical,timeStamping,codeSigning
[other_purpose]
extendedKeyUsage = critical,codeSigning
[key_agreement]
keyUsage = critical,keyAgreement
extendedKeyUsage = critical,timeStamping
[unknown_critical]
extendedKeyUsage = critical,timeStamping
1.2.3.4 = critical,ASN1:NULL
[not_authority]
basicConstraints = critical,CA:false
keyUsage = critical,keyCertSign
[no_signing]
basicConstraints = critical,CA:true
keyUsage = critical,digitalSignature
[other_authority]
basicConstraints = critical,CA:true
extendedKeyUsage = codeSigning
[unknown_authority]
basicConstraints = critical,CA:true
1.2.3.4 = critical,ASN1:NULL
`;

const KEYS: Readonly<Record<KeyForm, readonly string[]>> = {
  rsa: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  p256: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  p384: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
};

export interface IssueOptions {
  /** Its key; default: one of its own, named like the certificate. */
  readonly key?: string;
  readonly subject?: string;
  readonly digest?: string;
  readonly sigopts?: readonly string[];
}

export interface ReplyOptions {
  readonly digest?: 'sha256' | 'sha384' | 'sha512';
  readonly essDigest?: 'sha1' | 'sha256' | 'sha384';
  readonly accuracy?: string;
  readonly chain?: readonly string[];
}

export class OpensslAuthority {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'tsa-'));

  constructor() {
    writeFileSync(this.file('ext.cnf'), EXTENSIONS);
    writeFileSync(this.file('serial'), '01\n');
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  read(name: string): Buffer {
    return readFileSync(this.file(name));
  }

  /** The certificate in PEM. */
  pem(name: string): string {
    return readFileSync(this.file(`${name}.pem`), 'utf8');
  }

  run(...words: readonly string[]): Buffer {
    return execFileSync('openssl', words, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  newKey(name: string, form: KeyForm): void {
    this.run('genpkey', ...KEYS[form], '-out', `${name}.key`);
  }

  /** Makes `<name>.pem`, with these extensions, signed by `issuer`, or by itself. */
  issue(name: string, extensions: string, issuer = name, options: IssueOptions = {}): void {
    const { key = name, subject = `/CN=${name}`, digest = 'sha256', sigopts = [] } = options;
    this.run(
      'req',
      '-new',
      '-key',
      `${key}.key`,
      '-subj',
      subject,
      '-out',
      `${name}.csr`,
      '-config',
      'ext.cnf',
    );
    const by = issuer === name ? ['-key', `${key}.key`] : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`];
    this.run(
      ...['x509', '-req', '-in', `${name}.csr`, `-${digest}`, '-days', '30', '-out', `${name}.pem`, ...by],
      ...(issuer === name ? [] : ['-CAcreateserial']),
      ...['-extfile', 'ext.cnf', '-extensions', extensions],
      ...sigopts.flatMap((one) => ['-sigopt', one]),
    );
  }

  /** The answer of `openssl ts` to a request about this message. */
  reply(signer: string, message: Uint8Array, options: ReplyOptions = {}): Uint8Array {
    const query = timestampQuery(createHash('sha256').update(message).digest(), 77n);
    return this.answer(signer, query, options);
  }

  answer(signer: string, query: Uint8Array, options: ReplyOptions = {}): Uint8Array {
    const {
      digest = 'sha256',
      essDigest = 'sha256',
      accuracy = 'secs:1, millisecs:500',
      chain = [],
    } = options;
    writeFileSync(this.file('chain.pem'), chain.map((name) => this.pem(name)).join('') || this.pem(signer));
    writeFileSync(
      this.file('tsa.cnf'),
      `[tsa]
serial = serial
crypto_device = builtin
signer_cert = ${signer}.pem
signer_key = ${signer}.key
certs = chain.pem
signer_digest = ${digest}
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = ${accuracy}
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = ${essDigest}
`,
    );
    writeFileSync(this.file('query.tsq'), query);
    this.run(
      'ts',
      '-reply',
      '-queryfile',
      'query.tsq',
      '-config',
      'tsa.cnf',
      '-section',
      'tsa',
      '-out',
      'reply.tsr',
    );
    return new Uint8Array(this.read('reply.tsr'));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
