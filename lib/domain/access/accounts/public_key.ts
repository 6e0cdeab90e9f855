/**
 * SSH public keys as people have them: lines of an `authorized_keys` file (sshd(8)), which is also
 * what `.pub` files and `https://github.com/NAME.keys` contain.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { DomainError } from "../../domain_error.ts";

/** A public key that can be used to log in. */
export interface PublicKey {
  /** Such as `ssh-ed25519`. */
  readonly type: string;
  /** The key in the form of RFC 4253 section 6.6, in base64. */
  readonly base64: string;
  /** As `ssh-keygen -l` prints it: `SHA256:...`. */
  readonly fingerprint: string;
  /** The comment after the key; `""` for none. */
  readonly label: string;
}

const MIN_RSA_BITS = 2048;
const MAX_RSA_BITS = 16_384;
const MAX_LABEL_LENGTH = 64;
/** Longer than the line of any such key. */
const MAX_LINE_LENGTH = 16 * 1024;

/** Points are uncompressed: a byte 4 and both coordinates (RFC 5656 section 3.1). */
const POINT_BYTES: Readonly<Record<string, number>> = { nistp256: 65, nistp384: 97, nistp521: 133 };

const KEY_TYPE = /^(?:ssh|ecdsa|sk-ssh|sk-ecdsa|rsa|dsa|webauthn-sk)-\S+$/;
/** Restrictions of sshd that would silently be lost here. Other options say what sshd may run. */
const BINDING_OPTION = /^(cert-authority|from|expiry-time|principals|verify-required)(?=$|=)/i;

/**
 * Parses a line with one key. Options in front of it are for sshd, and ignored.
 *
 * @throws {DomainError} `bad-key`, with what to do instead.
 */
export function parsePublicKey(line: string): PublicKey {
  if (line.length > MAX_LINE_LENGTH) throw badKey("This line is too long for a public key.");
  if (/PRIVATE KEY/.test(line)) {
    throw badKey(
      "This is a private key. Never give it to anybody. Use the line in its .pub file.",
    );
  }
  const rest = withoutOptions(line.trim());
  const [type = "", base64 = "", ...comment] = rest.split(/[ \t]+/);
  if (!KEY_TYPE.test(type)) {
    throw badKey(
      "This is not a public key. Copy the line of a .pub file: ssh-ed25519 AAAA... NAME",
    );
  }
  const blob = Buffer.from(base64, "base64");
  if (unpadded(blob.toString("base64")) !== unpadded(base64)) throw damaged();
  return { ...publicKeyOf(type, blob), label: labelOf(comment.join(" ")) };
}

/** The keys in a file, and why other lines are none. */
export interface PublicKeyFile {
  readonly keys: readonly PublicKey[];
  /** Sentences, each with the number of its line. */
  readonly refusals: readonly string[];
}

/** Parses a file of keys, in which lines may be empty or comments. */
export function parsePublicKeys(text: string): PublicKeyFile {
  const keys: PublicKey[] = [];
  const refusals: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    try {
      keys.push(parsePublicKey(line));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      refusals.push(`Line ${index + 1}: ${error.message}`);
    }
  }
  return { keys, refusals };
}

/**
 * The public key that a client has shown to have.
 *
 * @param blob In the form of RFC 4253 section 6.6.
 * @throws {DomainError} `bad-key` if it cannot be used here.
 */
export function publicKeyOf(type: string, blob: Uint8Array): PublicKey {
  if (!isSupported(type)) throw unsupported(type);
  const fields = fieldsOf(blob);
  if (!fields || textOf(fields[0]) !== type) throw damaged();
  check(type, fields.slice(1));
  const base64 = Buffer.from(blob).toString("base64");
  return { type, base64, fingerprint: fingerprintOf(blob), label: "" };
}

/** The fingerprint of a key in the form of RFC 4253 section 6.6, as `ssh-keygen -l` prints it. */
function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${unpadded(createHash("sha256").update(blob).digest("base64"))}`;
}

/** The line of a file for a key. */
export function formatPublicKey({ type, base64, label }: Omit<PublicKey, "fingerprint">): string {
  return label === "" ? `${type} ${base64}` : `${type} ${base64} ${label}`;
}

function isSupported(type: string): boolean {
  return type === "ssh-ed25519" || type === "ssh-rsa" || curveOf(type) !== undefined;
}

/** The curve of an ECDSA key's type. */
function curveOf(type: string): string | undefined {
  const [, curve] = /^ecdsa-sha2-(.+)$/.exec(type) ?? [];
  return curve !== undefined && Object.hasOwn(POINT_BYTES, curve) ? curve : undefined;
}

/** @throws {DomainError} if these are not the parts of a key of a supported type. */
function check(type: string, parts: readonly Uint8Array[]): void {
  const [first, second] = parts;
  if (type === "ssh-ed25519") {
    if (parts.length !== 1 || first.length !== 32) throw damaged();
  } else if (type === "ssh-rsa") {
    if (parts.length !== 2) throw damaged();
    checkRsaBits(bitsOf(second));
  } else {
    const curve = curveOf(type)!;
    const isPoint = parts.length === 2 && second.length === POINT_BYTES[curve] && second[0] === 4;
    if (!isPoint || textOf(first) !== curve) throw damaged();
  }
}

function checkRsaBits(bits: number): void {
  if (bits > MAX_RSA_BITS) throw badKey(`RSA keys may have at most ${MAX_RSA_BITS} bits.`);
  if (bits >= MIN_RSA_BITS) return;
  throw badKey(
    `This RSA key has ${bits} bits, which is too few. Make a new one with ` +
      "ssh-keygen -t ed25519, and give its .pub file.",
  );
}

/** The strings (RFC 4251 section 5) that make up a blob; `undefined` if it is cut or has none. */
function fieldsOf(blob: Uint8Array): Uint8Array[] | undefined {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const fields: Uint8Array[] = [];
  for (let at = 0; at < blob.length;) {
    const end = at + 4 > blob.length ? Infinity : at + 4 + view.getUint32(at);
    if (end > blob.length) return undefined;
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return fields.length === 0 ? undefined : fields;
}

/** The size of a positive number, whose first byte may be 0 to keep it positive. */
function bitsOf(number: Uint8Array): number {
  const start = number.findIndex((byte) => byte !== 0);
  return start === -1 ? 0 : (number.length - start) * 8 - Math.clz32(number[start]) + 24;
}

/** A line without the options in front of the key, in which spaces are quoted. */
function withoutOptions(line: string): string {
  const [first] = /^(?:"(?:\\"|[^"])*"|[^\s"])*/.exec(line)!;
  if (first === "" || KEY_TYPE.test(first) || !/\s/.test(line)) return line;
  const options = first.match(/(?:"(?:\\"|[^"])*"|[^,"])+/g) ?? [];
  const binding = options.map((option) => BINDING_OPTION.exec(option)?.[1]).find(Boolean);
  if (binding !== undefined) {
    throw badKey(
      `The option ${binding} of this key cannot be kept here. Give the key without it, or another.`,
    );
  }
  return line.slice(first.length).trimStart();
}

function labelOf(comment: string): string {
  return [...comment.trim().normalize("NFC")].slice(0, MAX_LABEL_LENGTH).join("");
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

function unpadded(base64: string): string {
  return base64.replace(/=+$/, "");
}

function unsupported(type: string): DomainError {
  const what = type.includes("-cert-")
    ? "Certificates are not supported"
    : /^(?:webauthn-)?sk-/.test(type)
    ? "Keys on security tokens are not supported"
    : `Keys of type ${type} are not supported`;
  return badKey(
    `${what}. Use a plain ssh-ed25519, ecdsa-sha2-nistp256 or ssh-rsa key; ssh-keygen -t ed25519 ` +
      "makes one.",
  );
}

function damaged(): DomainError {
  return badKey("This key is damaged. Copy the whole line of its .pub file.");
}

function badKey(sentence: string): DomainError {
  return new DomainError("bad-key", sentence);
}
