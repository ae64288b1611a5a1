import { decodeBase64 } from '../json/base64.ts';
import { Refusal } from '../refusal.ts';
import { type Certificate, readCertificate } from './certificate.ts';

const MAX_PEM = 1 << 20;
const BLOCK = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/**
 * The certificates of a PEM file, or the one in a DER file.
 *
 * @throws Refusal QP7721 if there is none, or one cannot be read
 */
export function readCertificates(source: string | Uint8Array): Certificate[] {
  if (source.length > MAX_PEM) throw new Refusal('QP7721', { where: 'the file is too large' });
  const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
  try {
    const blocks = [...text.matchAll(BLOCK)].map(([, base64 = '']) =>
      decodeBase64(base64.replace(/\s/g, ''), { code: 'QP7721', name: 'The certificate' }),
    );
    if (blocks.length > 0) return blocks.map(readCertificate);
    if (typeof source === 'string') throw new Refusal('QP7721', { where: 'no PEM block' });
    return [readCertificate(source)];
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'QP7721') throw error;
    throw new Refusal('QP7721', { where: error.what });
  }
}
