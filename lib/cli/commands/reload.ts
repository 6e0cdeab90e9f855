/**
 * `partyline reload`: has the running server read its configuration again, as SIGHUP does, and tells
 * what became of it.
 *
 * @module
 */

import { systemClock } from "../../clock.ts";
import type { CommandBody } from "../command.ts";
import { askServer } from "../control/ask_server.ts";
import { RELOAD_REQUEST } from "../control/requests/reload.ts";
import { refuseSurplus } from "../options/flags.ts";
import { dataPaths, READING_OPTIONS, readingOptions } from "../reading/reading.ts";
import type { ReloadOutcome } from "../settings/reloader.ts";

/** Reloads the configuration of the running server. */
export default {
  usage: "reload [OPTIONS]",
  details: [
    "Waits until it is done. If anything has a fault, nothing changes, and the exit",
    "status is 1. It must run as the user of the server.",
  ],
  options: READING_OPTIONS,

  async run(args, environment) {
    refuseSurplus(args, 0, "reload takes options only");
    const { data } = await readingOptions([], args, environment);
    dataPaths(data.value);
    const clock = environment.clock ?? systemClock;
    const answer = await askServer(RELOAD_REQUEST, {}, { data: data.value, clock });
    const { faults, advice, news } = answer as unknown as ReloadOutcome;
    for (const line of news) environment.stdout(line);
    for (const line of faults) environment.stderr(line);
    if (advice !== undefined) environment.stderr(advice);
    return faults.length > 0 ? 1 : 0;
  },
} satisfies CommandBody;
