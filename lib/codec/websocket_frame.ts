/**
 * The frames of a WebSocket, as a server writes them (RFC 6455 section 5): whole messages, not
 * masked.
 *
 * @module
 */

/** What a frame is (section 5.2). */
export const OPCODES = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const;

/** Most bytes that a frame of control may carry (section 5.5). */
export const LONGEST_CONTROL = 125;

const FIN = 0x80;

/** A whole message as one frame, for a client: not masked. */
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

/** A frame that closes, with a reason of up to 123 bytes. */
export function encodeClose(code: number, reason = ""): Uint8Array<ArrayBuffer> {
  const payload = new Uint8Array(LONGEST_CONTROL);
  new DataView(payload.buffer).setUint16(0, code);
  const { written } = new TextEncoder().encodeInto(reason, payload.subarray(2));
  return encodeFrame(OPCODES.close, payload.subarray(0, 2 + written));
}
