/**
 * `partyline serve`: listens until told to stop.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { serve } from "../compose.ts";
import { CONFIG_OPTION, SERVE_OPTIONS, serveOptions } from "../serve_options.ts";
import { SERVICES } from "../../service/mod.ts";
import { UsageError } from "../usage_error.ts";

/** The command that runs the server; the default. */
export const serveCommand: Command = {
  name: "serve",
  summary: "open the ports and serve until a signal says stop",
  usage: "[serve] [OPTIONS]",
  options: [...SERVE_OPTIONS, CONFIG_OPTION],

  async run(args, environment) {
    const [surplus] = args.positionals;
    if (surplus !== undefined) {
      throw new UsageError(
        `Unexpected argument ${JSON.stringify(surplus)}: serve takes options only`,
      );
    }
    return await serve(serveOptions(args, environment, SERVICES), environment);
  },
};
