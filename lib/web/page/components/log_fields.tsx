/**
 * The level and the structured fields of log lines.
 *
 * @module
 */

import { Fragment, h } from "preact";
import type { EventJson } from "../../protocol.ts";
import {
  isGrave,
  type LevelCounts,
  levelCountTexts,
  logLevelOf,
  severityClass,
  severityOf,
} from "../log_level.ts";
import { shortened, visibleText } from "../text_parts.ts";

/** Characters shown of a value. */
const MAX_CHARACTERS = 120;

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

/** The level of a warning or an error as a word, because not everybody sees the colours. */
export function LevelLabel({ event }: { readonly event: EventJson }) {
  if (!isGrave(event)) return null;
  const level = logLevelOf(event);
  return <b class={`level ${severityClass(severityOf(level))}`}>{`${level} `}</b>;
}

/** Numbers of lines by level: ` · 3 err · 460 info`. */
export function LevelCountList({ counts }: { readonly counts: LevelCounts }) {
  return (
    <>
      {levelCountTexts(counts).map(({ severity, text }) => (
        <span key={text}>
          · <span class={severityClass(severity)}>{text}</span>
        </span>
      ))}
    </>
  );
}

function valueText(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? "";
  return shortened(visibleText(text), MAX_CHARACTERS);
}
