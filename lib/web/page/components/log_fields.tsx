/**
 * What a log line has in fields, beside its text.
 *
 * @module
 */

import type { EventJson } from "../../protocol.ts";
import { visibleText } from "../text_parts.ts";

/** Characters of one value. */
const LONGEST = 120;
/** As the logger service writes them. */
const GRAVE: ReadonlySet<unknown> = new Set(["emerg", "alert", "crit", "err"]);

/** What the header of a syslog message has: the row says it already, or nobody wants to read it. */
const HEADER = new Set(["facility", "level", "time", "host", "app", "procid", "msgid"]);

export function LogFields({ event: { kind, body, fields } }: { readonly event: EventJson }) {
  // A line of JSON shows its fields itself.
  if (kind !== "log" || !fields || body.startsWith("{")) return null;
  return (
    <span class="fields">
      {Object.entries(fields).filter(([key]) => !HEADER.has(key)).map(([key, value]) => (
        <span key={key}>
          {" "}
          <bdi>{visibleText(key)}=</bdi>
          <bdi>{valueText(value)}</bdi>
        </span>
      ))}
    </span>
  );
}

/** How a log line is marked, for how grave it says that it is. */
export function gravityOf({ kind, fields }: EventJson): "is-grave" | "is-warning" | "" {
  if (kind !== "log") return "";
  const level = fields?.level;
  if (level === "warning") return "is-warning";
  return GRAVE.has(level) ? "is-grave" : "";
}

function valueText(value: unknown): string {
  const text = visibleText(typeof value === "string" ? value : JSON.stringify(value) ?? "");
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
