/**
 * The messages of SCRAM (RFC 5802 section 7): lists of attributes such as `n=jack,r=fyko+d2l`.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { SaslError } from "./mechanism.ts";

/** What a client sends first. */
export interface ClientFirst {
  /** `n,,` or `y,,`, perhaps with an authorization identity: to be repeated by the client. */
  readonly header: string;
  /** The message without the header. */
  readonly bare: string;
  /** Whom the client wants to act as; `""` for the same. */
  readonly authorization: string;
  readonly username: string;
  readonly nonce: string;
}

/** What a client sends last. */
export interface ClientFinal {
  /** The header again, as it is after decoding. */
  readonly header: string;
  /** Of both sides. */
  readonly nonce: string;
  readonly proof: Uint8Array;
  /** The message without the proof. */
  readonly withoutProof: string;
}

/** A name in which `,` is `=2C` and `=` is `=3D`. */
const NAME = "((?:[^,=\\0]|=2C|=3D)*)";
/** Printable ASCII without a comma. */
const NONCE = "([\\x21-\\x2b\\x2d-\\x7e]+)";
const EXTENSIONS = "(?:,[A-Za-z]=[^,\\0]*)*";
const CLIENT_FIRST = new RegExp(
  `^(([nyp])(?:=[A-Za-z0-9.-]+)?,(?:a=${NAME})?,)(n=${NAME},r=${NONCE}${EXTENSIONS})$`,
  "u",
);
const CLIENT_FINAL = new RegExp(
  `^(c=([A-Za-z0-9+/=]+),r=${NONCE}${EXTENSIONS}),p=([A-Za-z0-9+/=]+)$`,
  "u",
);

/** Parses `n,,n=jack,r=NONCE`. @throws {SaslError} */
export function parseClientFirst(text: string): ClientFirst {
  const match = CLIENT_FIRST.exec(text);
  // We know no mandatory extension (`m=`), so a message with one does not match.
  if (!match) throw malformed();
  const [, header, binding, authorization = "", bare, username, nonce] = match;
  if (binding === "p" || header[1] === "=") {
    throw new SaslError(
      "Channel binding is not supported. Choose SCRAM-SHA-256 without it, not SCRAM-SHA-256-PLUS.",
    );
  }
  return {
    header,
    bare,
    authorization: unescapeName(authorization),
    username: unescapeName(username),
    nonce,
  };
}

/** Formats the answer to it: `r=NONCE,s=SALT,i=4096`. */
export function formatServerFirst(nonce: string, salt: Uint8Array, iterations: number): string {
  return `r=${nonce},s=${Buffer.from(salt).toString("base64")},i=${iterations}`;
}

/** Parses `c=biws,r=NONCE,p=PROOF`. @throws {SaslError} */
export function parseClientFinal(text: string): ClientFinal {
  const match = CLIENT_FINAL.exec(text);
  if (!match) throw malformed();
  const [, withoutProof, header, nonce, proof] = match;
  return {
    header: Buffer.from(header, "base64").toString(),
    nonce,
    proof: Buffer.from(proof, "base64"),
    withoutProof,
  };
}

/** Formats the last answer: `v=SIGNATURE`. */
export function formatServerFinal(signature: Uint8Array): string {
  return `v=${Buffer.from(signature).toString("base64")}`;
}

function unescapeName(text: string): string {
  return text.replaceAll("=2C", ",").replaceAll("=3D", "=");
}

function malformed(): SaslError {
  return new SaslError(
    "The client's SCRAM message is malformed. Try again, or choose PLAIN over TLS instead.",
  );
}
