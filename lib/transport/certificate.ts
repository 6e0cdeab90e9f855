/**
 * The certificate and key of a TLS endpoint: reads both files and checks that they match.
 *
 * @module
 */

import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { type Endpoint, ListenError } from "./endpoint.ts";
import { readFileText } from "./file_text.ts";

/** A certificate with its chain, and its private key, in PEM form. */
export interface CertifiedKey {
  readonly cert: string;
  readonly key: string;
}

/**
 * Reads the files that `endpoint` names.
 *
 * @throws {ListenError} if a file cannot be read or is invalid, or the two do not match.
 */
export async function readCertifiedKey(endpoint: Endpoint): Promise<CertifiedKey> {
  const { certFile = "", keyFile = "" } = endpoint;
  const cert = await readPem(endpoint, certFile, "certificate", "cert");
  const key = await readPem(endpoint, keyFile, "key", "key");
  if (!parse(endpoint, certFile, keyFile, { cert, key })) {
    throw new ListenError(
      endpoint,
      `the key ${keyFile} does not match the certificate ${certFile}. ` +
        "Choose two that belong together.",
    );
  }
  return { cert, key };
}

/** Whether certificate and key match. */
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
      `${certFile} is not a certificate in PEM form. Choose another with cert=FILE.`,
    );
  }
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(key);
  } catch {
    throw new ListenError(
      endpoint,
      `${keyFile} is not a private key in PEM form, or it has a passphrase. ` +
        "Choose one without a passphrase with key=FILE.",
    );
  }
  return certificate.checkPrivateKey(privateKey);
}

async function readPem(
  endpoint: Endpoint,
  file: string,
  what: string,
  option: string,
): Promise<string> {
  try {
    return await readFileText(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const reason = error instanceof Deno.errors.NotFound
      ? `there is no ${what} file ${file}. Choose the right one with ${option}=FILE.`
      : error instanceof Deno.errors.PermissionDenied
      ? `this program may not read the ${what} file ${file}. Change its permissions.`
      : `the ${what} file ${file} cannot be read: ${(error as Error).message}. ` +
        `Choose another with ${option}=FILE.`;
    throw new ListenError(endpoint, reason);
  }
}
