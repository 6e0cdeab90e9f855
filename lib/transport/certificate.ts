/**
 * The certificate and key of a TLS endpoint, read from their files.
 *
 * @module
 */

import type { Endpoint } from "./endpoint.ts";
import { ListenError } from "./listen_error.ts";

/** A certificate, with those that vouch for it, and its key. */
export interface CertifiedKey {
  readonly cert: string;
  readonly key: string;
}

/**
 * Reads the files that `endpoint` names.
 *
 * @throws {ListenError} where one cannot be read.
 */
export function readCertifiedKey(endpoint: Endpoint): CertifiedKey {
  return {
    cert: readPem(endpoint, endpoint.certFile!, "certificate", "cert"),
    key: readPem(endpoint, endpoint.keyFile!, "key", "key"),
  };
}

/** What is wrong with files that were read, going by what `Deno.listenTls` threw. */
export function explainBadPair(endpoint: Endpoint, error: Error): Error {
  const { certFile, keyFile } = endpoint;
  if (error.message.includes("KeyMismatch")) {
    return new ListenError(
      endpoint,
      `the key ${keyFile} is not that of the certificate ${certFile}. ` +
        "Name the two that were made together.",
    );
  }
  if (/certificate/.test(error.message)) {
    return new ListenError(
      endpoint,
      `${certFile} holds no certificate in PEM form. Name one that does with cert=FILE.`,
    );
  }
  if (/key/.test(error.message)) {
    return new ListenError(
      endpoint,
      `${keyFile} holds no private key in PEM form, or one with a passphrase. ` +
        "Name one without a passphrase with key=FILE.",
    );
  }
  return error;
}

function readPem(endpoint: Endpoint, file: string, what: string, option: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const reason = error instanceof Deno.errors.NotFound
      ? `there is no ${what} file ${file}. Name the right one with ${option}=FILE.`
      : error instanceof Deno.errors.PermissionDenied
      ? `the system does not let this program read the ${what} file ${file}. Allow it.`
      : `the ${what} file ${file} cannot be read: ${(error as Error).message}. ` +
        `Name another with ${option}=FILE.`;
    throw new ListenError(endpoint, reason);
  }
}
