/**
 * The request of `partyline serve --takeover`: the server stops, so that the one that asks can take
 * its ports and its data directory.
 *
 * @module
 */

import { log } from "../../../log.ts";
import { FieldError } from "../../../web/fields.ts";
import type { ControlRequest } from "./control_request.ts";

export const TAKE_OVER: ControlRequest = {
  name: "take over",
  needsServer: true,
  // deno-lint-ignore require-await -- so that a refusal rejects
  async run(fields, { handOver }) {
    if (!handOver) throw new FieldError("No server runs here.");
    const process = fields.text("process");
    log("control").info("Handing over to process {process}", { process });
    handOver();
    return { process: Deno.pid };
  },
};
