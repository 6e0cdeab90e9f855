/**
 * `partyline check`: whether a server would start with these options, and what should be changed.
 *
 * @module
 */

import { systemClock } from "../../clock.ts";
import { countText } from "../../domain/wording.ts";
import { SERVICES } from "../../service/mod.ts";
import { checkData } from "../check/data_check.ts";
import { type CheckedEndpoint, checkEndpoint } from "../check/endpoint_check.ts";
import { findingAt, FindingList } from "../check/finding.ts";
import { checkMeaning, checkOptions } from "../check/options_check.ts";
import { passwordWarning } from "../check/standing_notes.ts";
import type { CommandBody } from "../command.ts";
import type { KnownService, ListenOption } from "../endpoints/listen.ts";
import { loadService } from "../endpoints/service_module.ts";
import { refuseSurplus } from "../options/flags.ts";
import { UsageError } from "../options/usage_error.ts";
import { CONFIG_OPTION } from "../settings/common_options.ts";
import { SERVE_OPTIONS } from "../settings/serve_option_list.ts";
import { parseMetrics, type ResolvedServe } from "../settings/serve_options.ts";
import { parseWeb } from "../settings/web_options.ts";

/** Checks everything that a server needs, and starts none. */
export default {
  usage: "check [--config FILE] [OPTIONS OF serve]",
  details: [
    "Prints a line for each finding: a fault, with which no server would start, or",
    "a warning. Exits with 0 if there is nothing, with 1 if there are only",
    "warnings, and with 2 if there are faults. Run it as the user of the server,",
    "which it leaves alone if it is running.",
  ],
  options: [...SERVE_OPTIONS, CONFIG_OPTION],

  async run(args, environment) {
    refuseSurplus(args, 0, "check takes options only");
    const findings = new FindingList();
    const checked = await checkOptions(args, environment, findings);
    const { options } = checked;
    const services = await knownServices(options.service.value, findings);
    const listen = await checkMeaning(checked, services, environment, findings);
    const passwordFile = options["password-file"];
    const warning = passwordWarning(passwordFile.value);
    if (warning) findings.add(findingAt("warning", passwordFile.origin, warning));
    const { clock = systemClock } = environment;
    let inUse: string | undefined;
    if (!checked.isFileLost) {
      const data = await checkData(options.data);
      findings.add(...data.findings);
      inUse = data.inUse;
      const how = {
        now: clock.now(),
        isRunning: inUse !== undefined,
        data: options.data.value,
      };
      for (const endpoint of endpointsOf(options, listen)) {
        for await (const finding of checkEndpoint(endpoint, how)) findings.add(finding);
      }
    }
    const { all } = findings;
    for (const { kind, text } of all) environment.stdout(`${kind}: ${text}`);
    if (inUse !== undefined) {
      environment.stdout(
        `A server runs on ${options.data.value}. Ports in use are taken to be its own.`,
      );
    }
    const faults = all.filter(({ kind }) => kind === "fault").length;
    const warnings = all.length - faults;
    environment.stdout(`${countText(faults, "fault")}, ${countText(warnings, "warning")}`);
    return faults > 0 ? 2 : warnings > 0 ? 1 : 0;
  },
} satisfies CommandBody;

async function knownServices(
  modules: readonly string[],
  findings: FindingList,
): Promise<readonly KnownService[]> {
  const services: KnownService[] = [...SERVICES];
  for (const module of modules) {
    try {
      const service = await loadService(module);
      if (services.some(({ name }) => name === service.name)) {
        throw new UsageError(`There is already a service called ${service.name}: rename yours`);
      }
      services.push(service);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      findings.add({ kind: "fault", text: error.message });
    }
  }
  return services;
}

/** All endpoints, as far as they can be parsed; their faults have been found. */
function endpointsOf(
  options: ResolvedServe["options"],
  listen: readonly ListenOption[],
): CheckedEndpoint[] {
  const quiet = new FindingList();
  const web = quiet.attempt(() => parseWeb(options));
  const metrics = quiet.attempt(() => parseMetrics(options.metrics));
  return [
    ...listen.map(({ endpoint, isTutorial }) => ({
      endpoint,
      flag: "--listen",
      origin: isTutorial ? options.tutorials.origin : options.listen.origin,
      isOptional: isTutorial,
    })),
    ...(web
      ? [{
        endpoint: web.endpoint,
        flag: "--web (or --no-web)",
        origin: options.web.origin,
        hosts: web.hosts,
      }]
      : []),
    ...(metrics
      ? [{ endpoint: metrics.endpoint, flag: "--metrics", origin: options.metrics.origin }]
      : []),
  ];
}
