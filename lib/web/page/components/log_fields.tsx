/**
 * The structured fields of a log line, and its severity.
 *
 * @module
 */

import type { EventJson } from "../../protocol.ts";
import { visibleText } from "../text_parts.ts";

/** Characters shown of a value. */
const MAX_CHARACTERS = 120;
/** Severities as the logger service writes them (RFC 5424, 6.2.1). */
const SEVERE: ReadonlySet<unknown> = new Set(["emerg", "alert", "crit", "err"]);

/** Fields of a syslog header, not shown because the row has them already or nobody reads them. */
const HEADER = new Set(["facility", "level", "time", "host", "app", "procid", "msgid"]);

export function LogFields({ event: { kind, body, fields } }: { readonly event: EventJson }) {
  // The text of a JSON line already shows its fields.
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

/** The CSS class for the severity of a log line. */
export function severityClass({ kind, fields }: EventJson): "is-severe" | "is-warning" | "" {
  if (kind !== "log") return "";
  const level = fields?.level;
  if (level === "warning") return "is-warning";
  return SEVERE.has(level) ? "is-severe" : "";
}

function valueText(value: unknown): string {
  const text = visibleText(typeof value === "string" ? value : JSON.stringify(value) ?? "");
  return text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS)}…`;
}
