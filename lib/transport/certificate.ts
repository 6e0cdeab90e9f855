/**
 * The certificate and key of a TLS endpoint: read from their files, and checked to belong together.
 *
 * @module
 */

import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { type Endpoint, ListenError } from "./endpoint.ts";

/** A certificate, with those that vouch for it, and its key; in PEM form. */
export interface CertifiedKey {
  readonly cert: string;
  readonly key: string;
}

/**
 * Reads the files that `endpoint` names.
 *
 * @throws {ListenError} where one cannot be read or is no good, or they do not belong together.
 */
export function readCertifiedKey(endpoint: Endpoint): CertifiedKey {
  const { certFile = "", keyFile = "" } = endpoint;
  const cert = readPem(endpoint, certFile, "certificate", "cert");
  const key = readPem(endpoint, keyFile, "key", "key");
  if (!parse(endpoint, certFile, keyFile, { cert, key })) {
    throw new ListenError(
      endpoint,
      `the key ${keyFile} is not that of the certificate ${certFile}. ` +
        "Name the two that were made together.",
    );
  }
  return { cert, key };
}

/** Whether the two belong together. */
function parse(
  endpoint: Endpoint,
  certFile: string,
  keyFile: string,
  { cert, key }: CertifiedKey,
): boolean {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    throw new ListenError(
      endpoint,
      `${certFile} holds no certificate in PEM form. Name one that does with cert=FILE.`,
    );
  }
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(key);
  } catch {
    throw new ListenError(
      endpoint,
      `${keyFile} holds no private key in PEM form, or one with a passphrase. ` +
        "Name one without a passphrase with key=FILE.",
    );
  }
  return certificate.checkPrivateKey(privateKey);
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
