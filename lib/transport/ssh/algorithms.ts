/**
 * The algorithms that we offer: those of OpenSSH's defaults that the library has and `ssh-audit`
 * does not fail. The client's order decides.
 *
 * @module
 */

import { getCiphers } from "node:crypto";

/** Ciphers, and the names by which the runtime knows them. */
const CIPHERS = {
  "aes128-gcm@openssh.com": "aes-128-gcm",
  "aes256-gcm@openssh.com": "aes-256-gcm",
  "chacha20-poly1305@openssh.com": "chacha20",
  "aes128-ctr": "aes-128-ctr",
  "aes192-ctr": "aes-192-ctr",
  "aes256-ctr": "aes-256-ctr",
};
const AVAILABLE: ReadonlySet<string> = new Set(getCiphers());

export const ALGORITHMS = {
  // No NIST curves, of which ssh-audit disapproves, and no Diffie-Hellman over integers: it takes
  // the main thread 20 ms and more, and every client since 2014 has Curve25519.
  // The old name comes first for Dropbear, which guesses that we prefer the new one and sends its
  // next packet along: the library drops such a packet even after a right guess.
  kex: ["curve25519-sha256@libssh.org", "curve25519-sha256"],
  serverHostKey: ["ssh-ed25519"],
  // Deno 2.7 has no ChaCha20.
  cipher: Object.entries(CIPHERS).flatMap(([name, known]) => AVAILABLE.has(known) ? [name] : []),
  hmac: [
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
  ],
  // Compression would let one packet of a peer become megabytes.
  compress: ["none"],
};

/** Kinds of keys that people may log in with. */
export const KEY_TYPES: ReadonlySet<string> = new Set([
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "ssh-rsa",
]);

/** A public RSA key of 2048 bits, in SSH's form. */
export const LEAST_RSA_BYTES = 270;
