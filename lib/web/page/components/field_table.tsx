/**
 * All fields of a log line, as a table that its row opens.
 *
 * @module
 */

import { h } from "preact";
import { valuesOf } from "../../../domain/search/field_values.ts";
import type { EventJson } from "../../protocol.ts";
import { visibleText } from "../text_parts.ts";
import { countOf } from "../time_text.ts";

/** Most fields shown; a line can have thousands. */
const MAX_FIELDS = 100;

/** Whether a log line has fields besides its level. */
export function hasFields({ kind, fields }: EventJson): boolean {
  return kind === "log" && fields !== undefined &&
    Object.keys(fields).some((key) => key !== "level");
}

export function FieldTable({ event: { seq, fields } }: { readonly event: EventJson }) {
  const values = valuesOf(fields);
  const rest = values.length - MAX_FIELDS;
  return (
    <table class="field-table" aria-label={`Fields of #${seq}`}>
      <tbody>
        {values.slice(0, MAX_FIELDS).map(({ path, value }) => (
          <tr key={path}>
            <th scope="row">
              <bdi>{visibleText(path)}</bdi>
            </th>
            <td>
              <bdi>{visibleText(value)}</bdi>
            </td>
          </tr>
        ))}
        {rest > 0 && (
          <tr>
            <th scope="row">…</th>
            <td>{countOf(rest, "more field")}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
