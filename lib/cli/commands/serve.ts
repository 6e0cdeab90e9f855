/**
 * `partyline serve`: runs the server.
 *
 * @module
 */

import { SERVICES } from "../../service/mod.ts";
import type { CommandBody } from "../command.ts";
import { loadService } from "../endpoints/service_module.ts";
import { refuseSurplus } from "../options/flags.ts";
import { UsageError } from "../options/usage_error.ts";
import { CONFIG_OPTION } from "../settings/common_options.ts";
import { SERVE_OPTIONS } from "../settings/serve_option_list.ts";
import { type ResolvedServe, resolveServe } from "../settings/serve_options.ts";
import { readServeSettings } from "../settings/serve_settings.ts";

/** Runs the server; the default command. */
export default {
  usage: "[serve] [OPTIONS]",
  options: [...SERVE_OPTIONS, CONFIG_OPTION],

  async run(args, environment) {
    refuseSurplus(args, 0, "serve takes options only");
    // Read once at start, since it may be a pipe, and knows which modules to load.
    let first: ResolvedServe | undefined = await resolveServe(args, environment);
    const own = await Promise.all(first.options.service.value.map(loadService));
    const services = [...SERVICES, ...own];
    const twice = services.find(({ name }, at) => services.findIndex((s) => s.name === name) < at);
    if (twice) {
      throw new UsageError(`There is already a service called ${twice.name}: rename yours`);
    }
    const read = async () => {
      const resolved = first ?? await resolveServe(args, environment);
      first = undefined;
      return await readServeSettings(resolved, environment, services);
    };
    const { serve } = await import("../compose.ts");
    return await serve(read, services, environment);
  },
} satisfies CommandBody;
