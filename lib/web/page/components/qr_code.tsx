/**
 * A QR code of an address, to open it on another device.
 *
 * @module
 */

import { h } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { QrDrawing } from "../qr.ts";

/** Light modules around the code, which scanners need (ISO/IEC 18004). */
const QUIET = 4;

function QrCode({ text }: { readonly text: string }) {
  const [drawing, setDrawing] = useState<QrDrawing>();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    // Not by a constant path, so that it stays out of the main script.
    const script = new URL("qr.js", import.meta.url).href;
    import(script).then(({ drawQr }: typeof import("../qr.ts")) => setDrawing(drawQr(text)))
      .catch(() => setProblem("The QR code could not be loaded."));
  }, [text]);
  if (!drawing) return <p class="qr hint" role="status">{problem}</p>;
  const side = drawing.size + 2 * QUIET;
  return (
    <svg
      class="qr"
      viewBox={`${-QUIET} ${-QUIET} ${side} ${side}`}
      role="img"
      aria-label={`QR code of ${text}`}
      shape-rendering="crispEdges"
    >
      <path d={drawing.path} />
    </svg>
  );
}

/** A QR code that is drawn once somebody wants to see it. */
export function PhoneCode({ text }: { readonly text: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>On your phone</summary>
      {isOpen && <QrCode text={text} />}
    </details>
  );
}
