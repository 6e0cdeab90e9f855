/**
 * WebSocket frames as a server sends them (RFC 6455 section 5): whole messages, unmasked.
 *
 * @module
 */

/** Frame types (section 5.2). */
export const OPCODES = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const;

/** Longest payload of a control frame, in bytes (section 5.5). */
export const MAX_CONTROL_BYTES = 125;

const FIN = 0x80;

/** A message as one unmasked frame. */
export function encodeFrame(opcode: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = payload;
  const headLength = length < 126 ? 2 : length < 0x10000 ? 4 : 10;
  const frame = new Uint8Array(headLength + length);
  const view = new DataView(frame.buffer);
  frame[0] = FIN | opcode;
  frame[1] = headLength === 2 ? length : headLength === 4 ? 126 : 127;
  if (headLength === 4) view.setUint16(2, length);
  if (headLength === 10) view.setBigUint64(2, BigInt(length));
  frame.set(payload, headLength);
  return frame;
}

/** A close frame; a reason longer than 123 bytes is cut between characters. */
export function encodeClose(code: number, reason = ""): Uint8Array<ArrayBuffer> {
  const payload = new Uint8Array(MAX_CONTROL_BYTES);
  new DataView(payload.buffer).setUint16(0, code);
  const { written } = new TextEncoder().encodeInto(reason, payload.subarray(2));
  return encodeFrame(OPCODES.close, payload.subarray(0, 2 + written));
}
