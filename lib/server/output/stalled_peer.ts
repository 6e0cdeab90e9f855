/**
 * Peers that are disconnected because they read nothing.
 *
 * @module
 */

import { type ConnectionContext, runInConnection } from "../../context.ts";
import { log } from "../../log.ts";
import type { DoorTraffic } from "../door_traffic.ts";

/** Counts and logs such a peer. @param stallMs For how long it read nothing, in milliseconds. */
export function noteStalledPeer(
  context: ConnectionContext,
  stallMs: number,
  traffic: DoorTraffic | undefined,
): void {
  if (traffic) traffic.stalled++;
  runInConnection(context, () => {
    log("server").info("Disconnected a peer that read nothing for {seconds} s", {
      seconds: stallMs / 1000,
    });
  });
}
