/**
 * The host key, by which clients recognise this server.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { type Endpoint, ListenError } from "../endpoint.ts";
import { readFileText } from "../file_text.ts";
import { makePrivateKey } from "./openssh_key.ts";
// @ts-types="./ssh2.d.ts"
import ssh2, { type ParsedKey } from "ssh2";

export interface HostKey {
  /** The private key, in OpenSSH's form. */
  readonly text: string;
  /** `SHA256:…`, as `ssh` and `ssh-keygen -l` show it. */
  readonly fingerprint: string;
}

/** The fingerprint of a public key in SSH's binary form, as OpenSSH writes it. */
export function fingerprintOf(publicKey: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(publicKey).digest("base64").replace(/=+$/, "")}`;
}

/**
 * Reads the host key of an endpoint: from the file that it names, or else from `usualFile`, where
 * one is made if there is none.
 *
 * @throws {ListenError} if it cannot be read, or is no Ed25519 key without a passphrase.
 */
export async function readHostKey(endpoint: Endpoint, usualFile: string): Promise<HostKey> {
  const { hostKeyFile: file } = endpoint;
  const refuse = refusal(endpoint);
  if (file !== undefined) {
    return parseHostKey(await read(file, refuse) ?? missing(file, refuse), file, refuse);
  }
  return parseHostKey(await read(usualFile, refuse) ?? make(usualFile, refuse), usualFile, refuse);
}

/**
 * Reads the host key of a running server again. Makes none: with another key, clients would take
 * this server for a different one.
 *
 * @throws {ListenError} as {@linkcode readHostKey}, and if the file is gone.
 */
export async function rereadHostKey(
  endpoint: Endpoint,
  usualFile: string,
): Promise<HostKey> {
  if (endpoint.hostKeyFile !== undefined) return await readHostKey(endpoint, usualFile);
  const refuse = refusal(endpoint);
  return parseHostKey(await read(usualFile, refuse) ?? gone(usualFile, refuse), usualFile, refuse);
}

/**
 * Checks the host key that an endpoint would use, and makes none.
 *
 * @throws {ListenError} as {@linkcode readHostKey}.
 */
export async function checkHostKey(endpoint: Endpoint, usualFile: string): Promise<void> {
  if (endpoint.hostKeyFile !== undefined) return void await readHostKey(endpoint, usualFile);
  const refuse = refusal(endpoint);
  const text = await read(usualFile, refuse);
  if (text !== undefined) parseHostKey(text, usualFile, refuse);
}

type Refuse = (reason: string) => never;

function refusal(endpoint: Endpoint): Refuse {
  return (reason) => {
    throw new ListenError(endpoint, reason);
  };
}

const MAKE = "Make one with ssh-keygen -t ed25519 -N '' -f FILE";

function missing(file: string, refuse: Refuse): never {
  return refuse(`there is no host key ${file}. ${MAKE}, or leave host-key out.`);
}

function gone(file: string, refuse: Refuse): never {
  return refuse(
    `the host key ${file} is gone. Put it back, or restart the server to make a new one.`,
  );
}

/** `undefined` if there is no such file. */
async function read(file: string, refuse: Refuse): Promise<string | undefined> {
  try {
    return await readFileText(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof Deno.errors.NotCapable) throw error;
    if (error instanceof Deno.errors.PermissionDenied) {
      return refuse(`this program may not read the host key ${file}. Change its permissions.`);
    }
    return refuse(`the host key ${file} cannot be read: ${(error as Error).message}.`);
  }
}

/** Makes a key and stores it as a whole or not at all, so that it never changes by a crash. */
function make(file: string, refuse: Refuse): string {
  const text = makePrivateKey();
  const draft = `${file}.new`;
  try {
    Deno.removeSync(draft);
  } catch {
    // There is none from an earlier crash.
  }
  try {
    using stored = Deno.openSync(draft, { createNew: true, write: true, mode: 0o600 });
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) at += stored.writeSync(bytes.subarray(at));
    stored.syncDataSync();
    Deno.renameSync(draft, file);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return refuse(`the host key ${file} cannot be written: ${(error as Error).message}.`);
  }
  return text;
}

function parseHostKey(text: string, file: string, refuse: Refuse): HostKey {
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) {
    if (/encrypt|passphrase/i.test(parsed.message)) {
      return refuse(`the host key ${file} has a passphrase. Choose one without.`);
    }
    return refuse(`${file} is no private key. ${MAKE}.`);
  }
  const key: ParsedKey = "type" in parsed ? parsed : parsed[0];
  if (!key.isPrivateKey()) {
    return refuse(`${file} is a public key. Name the private one${suggestion(file)}.`);
  }
  if (key.type !== "ssh-ed25519") {
    return refuse(`the host key ${file} is of type ${key.type}, and must be ssh-ed25519. ${MAKE}.`);
  }
  return { text, fingerprint: fingerprintOf(key.getPublicSSH()) };
}

function suggestion(file: string): string {
  return file.endsWith(".pub") ? `, probably ${file.slice(0, -4)}` : "";
}
