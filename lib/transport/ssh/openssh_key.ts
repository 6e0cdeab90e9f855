/**
 * Makes a private key in OpenSSH's form (PROTOCOL.key in its source). The library's own generator
 * drops a zero at the beginning of a key, so that one in 250 of its keys cannot be read.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { generateKeyPairSync, randomBytes } from "node:crypto";

const TYPE = "ssh-ed25519";
const COMMENT = "partyline";
/** The private part is padded to multiples of this. */
const BLOCK_BYTES = 8;
const LINE_LENGTH = 70;

/** Makes an Ed25519 key without a passphrase. */
export function makePrivateKey(): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  const { d = "", x = "" } = privateKey.export({ format: "jwk" });
  return formatPrivateKey(Buffer.from(d, "base64url"), Buffer.from(x, "base64url"));
}

/** The text for the two halves of a key, 32 bytes each. */
export function formatPrivateKey(secret: Uint8Array, open: Uint8Array): string {
  const check = randomBytes(4);
  const keys = [text(TYPE), field(open), field(Buffer.concat([secret, open])), text(COMMENT)];
  const hidden = Buffer.concat([check, check, ...keys]);
  const missing = (BLOCK_BYTES - hidden.length % BLOCK_BYTES) % BLOCK_BYTES;
  const padding = Uint8Array.from({ length: missing }, (_, index) => index + 1);
  const whole = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    text("none"),
    text("none"),
    text(""),
    number(1),
    field(Buffer.concat([text(TYPE), field(open)])),
    field(Buffer.concat([hidden, padding])),
  ]);
  const lines = whole.toString("base64").match(new RegExp(`.{1,${LINE_LENGTH}}`, "g")) ?? [];
  const edges = ["BEGIN", "END"].map((word) => `-----${word} OPENSSH PRIVATE KEY-----`);
  return `${[edges[0], ...lines, edges[1]].join("\n")}\n`;
}

/** A string of SSH: its length, and its bytes (RFC 4251 section 5). */
function field(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([number(bytes.length), bytes]);
}

function text(characters: string): Uint8Array {
  return field(Buffer.from(characters));
}

function number(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
