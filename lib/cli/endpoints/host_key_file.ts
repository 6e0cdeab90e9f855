/**
 * Where the host key of SSH endpoints is.
 *
 * @module
 */

/** The file in a data directory, under the name that sshd gives it. */
export function hostKeyFileIn(data: string): string {
  return `${data}/ssh_host_ed25519_key`;
}
