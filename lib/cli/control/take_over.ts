/**
 * The beginning of `partyline serve --takeover`: asks the server on the same data directory to stop.
 *
 * It stops accepting at once, tells everybody, and ends when everything is stored. Meanwhile this
 * process opens the ports, so that people who connect wait in the system's queue instead of being
 * refused, and takes the directory as soon as it is free.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { log } from "../../log.ts";
import { askServer, isServed } from "./ask_server.ts";
import { TAKE_OVER } from "./requests/take_over.ts";

/** How long to wait for the ports and the directory: more than a server takes to stop. */
export const TAKEOVER_MS = 10_000;

/**
 * Asks the server to stop; resolves to whether there is one.
 *
 * @throws {Error} with a sentence, if it cannot be asked.
 */
export async function askToStop(data: string, clock: Clock): Promise<boolean> {
  if (!await isServed(data)) return false;
  const fields = { process: String(Deno.pid) };
  const answer = await askServer(TAKE_OVER, fields, { data, clock });
  log("cli").info("Taking over from process {process}", answer as Record<string, unknown>);
  return true;
}
