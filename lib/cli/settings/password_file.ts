/**
 * Reads the file of `--password-file`. The password itself never appears in a message.
 *
 * @module
 */

import { readFailure } from "../options/config_file.ts";
import type { Resolved } from "../options/option.ts";
import { complain } from "../options/usage_error.ts";

/** Shorter passwords are guessed. */
const MIN_CHARACTERS = 8;
/** A longer one does not fit in every protocol's line. */
const MAX_BYTES = 256;

/** The password, and the file that it comes from; neither without the option. */
export interface SharedPassword {
  readonly sharedPassword?: string;
  readonly passwordFile?: string;
}

/**
 * Reads the password from the first line of the file, without its end.
 *
 * @param readTextFile As `Deno.readTextFile`.
 * @throws {UsageError} if the file cannot be read, or has no password that people can type.
 * @throws {Deno.errors.NotCapable} if Deno lacks the permission to read it.
 */
export async function readPasswordFile(
  { value: path, origin }: Resolved<string | undefined>,
  readTextFile: (path: string) => Promise<string>,
): Promise<SharedPassword> {
  if (path === undefined) return {};
  const { password, failure, fault } = await readPassword(path, readTextFile);
  const file = `${origin.label} ${JSON.stringify(path)}`;
  if (password !== undefined) return { sharedPassword: password, passwordFile: path };
  throw complain(
    origin,
    failure === undefined ? `Cannot use ${file}: ${fault}` : `Cannot read ${file}: ${failure}`,
  );
}

async function readPassword(
  path: string,
  readTextFile: (path: string) => Promise<string>,
): Promise<{ readonly password?: string; readonly failure?: string; readonly fault?: string }> {
  let text: string;
  try {
    text = await readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return { failure: readFailure(error) };
  }
  // Some editors write a byte order mark, which nobody could type.
  const [password] = text.replace(/^\uFEFF/, "").split(/\r?\n/, 1);
  const fault = faultOf(password);
  return fault === undefined ? { password } : { fault };
}

/** What is wrong with a password, as the rest of a sentence. */
function faultOf(password: string): string | undefined {
  if (password === "") {
    return "its first line is empty; write the password there, at least 8 characters";
  }
  // deno-lint-ignore no-control-regex -- nobody can type one
  if (/[\x00-\x1f\x7f-\x9f\ufffd]/.test(password)) {
    return "its first line is not text in UTF-8 without control characters; write another password";
  }
  if (password.trim() !== password) {
    return "its first line begins or ends with a space, which people would leave out; remove it";
  }
  if ([...password].length < MIN_CHARACTERS) {
    return "the password in its first line is too short; use at least 8 characters";
  }
  if (new TextEncoder().encode(password).length > MAX_BYTES) {
    return `the password in its first line is too long; use at most ${MAX_BYTES} bytes`;
  }
  return undefined;
}

/** Whether other users of this machine can read a file. */
export function isReadableByEverybody(path: string): boolean {
  try {
    return ((Deno.statSync(path).mode ?? 0) & 0o004) !== 0;
  } catch (error) {
    // A file descriptor of the shell, as in <(pass show partyline), may be gone by now.
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
