/**
 * Draws QR codes. Loaded only when one is shown.
 *
 * @module
 */

import { correction, generate } from "lean-qr/nano";

export interface QrDrawing {
  /** Modules on each side, without the quiet zone. */
  readonly size: number;
  /** The dark modules, as an SVG path of unit squares. */
  readonly path: string;
}

/** Encodes a text. @throws {Error} if it is too long. */
export function drawQr(text: string): QrDrawing {
  const code = generate(text, { minCorrectionLevel: correction.M });
  let path = "";
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) {
      if (code.get(x, y)) path += `M${x} ${y}h1v1h-1z`;
    }
  }
  return { size: code.size, path };
}
