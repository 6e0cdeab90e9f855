/**
 * The entry point of the store's only thread, if there are no descriptors for more. It serves each
 * part of the store at its own end of a channel.
 *
 * @module
 */

import { LogLender } from "../../store/sqlite/log_lender.ts";
import { serveReader } from "../../store/sqlite/reading/serve_reader.ts";
import { serveIndex } from "../../store/sqlite/search/serve_index.ts";
import { serveCheckpoints } from "../../store/sqlite/serve_checkpoints.ts";
import { EVENT_FORMS } from "../../web/api/event_forms.ts";

const lender = new LogLender();

const PARTS = {
  checkpoints: (port: MessagePort) => serveCheckpoints(port, lender.borrow),
  index: (port: MessagePort) => serveIndex(port, lender.borrow),
  reader: (port: MessagePort) => serveReader(port, EVENT_FORMS),
} as const;

/** A message to the thread: starts a part, which is served at the port. */
export interface StartPart {
  readonly part: keyof typeof PARTS;
  readonly port: MessagePort;
}

const worker = self as unknown as Worker;
worker.onmessage = ({ data: { part, port } }: MessageEvent<StartPart>) => PARTS[part](port);
worker.postMessage("started");
