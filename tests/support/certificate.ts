/** Self-signed test certificates: X.509 v3 (RFC 5280) with Ed25519 (RFC 8410). */

/** A certificate and its key, in PEM form. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

const ED25519 = sequence(oid(0x2b, 0x65, 0x70));
const SUBJECT_ALT_NAME = oid(0x55, 0x1d, 0x11);
const COMMON_NAME = oid(0x55, 0x04, 0x03);

/** Creates a certificate for the host `name`; clients must be given it as their authority. */
export async function makeCertificate(
  name = "localhost",
  { from = "250101000000Z", until = "491231235959Z" } = {},
): Promise<TestCertificate> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const { privateKey, publicKey } = pair as CryptoKeyPair;
  const dnsName = der(0x82, ascii(name));
  const names = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, ascii(name)))));
  const content = sequence(
    der(0xa0, integer(2)), // version 3
    integer(1 + Math.floor(Math.random() * 100)), // serial number
    ED25519,
    names, // issuer
    sequence(der(0x17, ascii(from)), der(0x17, ascii(until))), // validity
    names, // subject
    new Uint8Array(await crypto.subtle.exportKey("spki", publicKey)),
    der(0xa3, sequence(sequence(SUBJECT_ALT_NAME, der(0x04, sequence(dnsName))))),
  );
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", privateKey, content));
  const certificate = sequence(content, ED25519, der(0x03, Uint8Array.of(0), signature));
  const key = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
  return { cert: pem("CERTIFICATE", certificate), key: pem("PRIVATE KEY", key) };
}

/** Encodes a value in DER: tag, length and content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const content = parts.flatMap((part) => [...part]);
  const { length } = content;
  const size = length < 0x80
    ? [length]
    : length < 0x100
    ? [0x81, length]
    : [0x82, length >> 8, length & 0xff];
  return Uint8Array.from([tag, ...size, ...content]);
}

function sequence(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return der(0x30, ...parts);
}

function integer(value: number): Uint8Array {
  return der(0x02, Uint8Array.of(value));
}

function oid(...bytes: readonly number[]): Uint8Array {
  return der(0x06, Uint8Array.from(bytes));
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function pem(label: string, bytes: Uint8Array): string {
  const lines = btoa(String.fromCharCode(...bytes)).match(/.{1,64}/g)!;
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
