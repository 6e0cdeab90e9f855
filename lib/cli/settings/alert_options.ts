/**
 * Reads `[alerts.NAME]` of the configuration file.
 *
 * @module
 */

import type { AlertRule } from "../../alert/alert_rule.ts";
import { isPublicAddress } from "../../alert/public_address.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { parseQuery } from "../../domain/search/parse_query.ts";
import type { ConfigFile } from "../options/config_file.ts";
import { readTables } from "../options/config_tables.ts";
import type { Resolved } from "../options/option.ts";
import type { OptionSpec } from "../options/option_spec.ts";
import { cannotParse, complain } from "../options/usage_error.ts";
import { parseDuration } from "../options/quantity.ts";
import { readRoomName } from "./retention_options.ts";

const INTERVALS = { least: "1s", most: "1d" };

const ALERT_KEYS = [
  { name: "query", kind: "string", value: "QUERY", doc: "what to look for" },
  { name: "room", kind: "string", value: "ROOM", doc: "the room that gets a notice" },
  { name: "webhook", kind: "string", value: "URL", doc: "the URL that gets a POST" },
  {
    name: "allow-private",
    kind: "flag",
    doc: "allow a webhook on this machine or in its network",
  },
  {
    name: "every",
    kind: "string",
    value: "TIME",
    default: "1m",
    doc: "the minimum time between two notices; matches in between are counted",
  },
] as const satisfies readonly OptionSpec[];

/**
 * Returns the alerts in the order of the file.
 *
 * @throws {UsageError} for anything invalid.
 */
export function readAlerts(file: ConfigFile | undefined): readonly AlertRule[] {
  return readTables(file, "alerts", ALERT_KEYS).map(({ name, origin, keys }) => {
    const { query, room, webhook, every, "allow-private": allowPrivate } = keys;
    if (query.value !== undefined) checkQuery({ ...query, value: query.value });
    const reached = {
      ...(room.value === undefined ? {} : { room: readRoomName(room.value, room.origin) }),
      ...(webhook.value === undefined ? {} : {
        webhook: readUrl({ ...webhook, value: webhook.value }, allowPrivate.value),
      }),
    };
    const everyMs = parseDuration(every.value, every.origin, INTERVALS);
    // Missing keys come last, because `partyline check` reads the table again without wrong ones.
    if (query.value === undefined) {
      throw complain(origin, `Alert ${name} has no query: add one, such as query = "level:err+"`);
    }
    if (room.value === undefined && webhook.value === undefined) {
      throw complain(origin, `Alert ${name} notifies nobody: add a room or a webhook`);
    }
    return { name, query: query.value, ...reached, allowPrivate: allowPrivate.value, everyMs };
  });
}

function checkQuery({ value, origin }: Resolved<string>): void {
  try {
    parseQuery(value, 0);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw cannotParse(origin, JSON.stringify(value), error.message);
  }
}

function readUrl({ value, origin }: Resolved<string>, allowsPrivate: boolean): URL {
  const refuse = (advice: string) => cannotParse(origin, JSON.stringify(value), advice);
  if (!URL.canParse(value)) throw refuse("write it as https://HOST/PATH");
  const url = new URL(value);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw refuse("write it as https://HOST/PATH");
  }
  if (url.username !== "" || url.password !== "") {
    throw refuse("leave out the user name and password");
  }
  const address = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const isAddress = /^[\d.]+$|:/.test(address);
  if (isAddress && !allowsPrivate && !isPublicAddress(address)) {
    throw refuse(
      "this is not a public internet address; set allow-private = true to allow it",
    );
  }
  return url;
}
