/** Packets that `ssh2` would not send, over connections that it has made. */

const encoder = new TextEncoder();

/** A `string` of SSH: its length and its bytes (RFC 4251 section 5). */
export function sshString(value: string | Uint8Array): number[] {
  const bytes = typeof value === "string" ? encoder.encode(value) : value;
  return [...sshNumber(bytes.length), ...bytes];
}

/** A `uint32`. */
export function sshNumber(value: number): number[] {
  return [value >>> 24, value >>> 16 & 255, value >>> 8 & 255, value & 255];
}

/**
 * Sends a payload in an encrypted packet.
 *
 * @param client The library's client.
 */
// deno-lint-ignore no-explicit-any -- the insides of the library
export function sendPayload(client: any, payload: Uint8Array | readonly number[]): void {
  const { _protocol: protocol } = client;
  const { write } = protocol._packetRW;
  const at = write.allocStart;
  const bytes = write.alloc(payload.length);
  bytes.set(payload, at);
  protocol._cipher.encrypt(write.finalize(bytes));
}
