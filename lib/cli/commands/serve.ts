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
import { serviceModules } from "../settings/serve_options.ts";
import { readServeSettings } from "../settings/serve_settings.ts";

/** Runs the server; the default command. */
export default {
  usage: "[serve] [OPTIONS]",
  options: [...SERVE_OPTIONS, CONFIG_OPTION],

  async run(args, environment) {
    refuseSurplus(args, 0, "serve takes options only");
    const own = await Promise.all(serviceModules(args, environment).map(loadService));
    const services = [...SERVICES, ...own];
    const twice = services.find(({ name }, at) => services.findIndex((s) => s.name === name) < at);
    if (twice) {
      throw new UsageError(`There is already a service called ${twice.name}: rename yours`);
    }
    const read = () => readServeSettings(args, environment, services);
    const { serve } = await import("../compose.ts");
    return await serve(read, services, environment);
  },
} satisfies CommandBody;
