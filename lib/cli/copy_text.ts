/**
 * What `backup` and `restore` have in common.
 *
 * @module
 */

import { countText } from "../domain/count_text.ts";
import type { CopySize } from "../store/sqlite/copy_log.ts";

/** What was copied: `1,204 events of 3 rooms (1.2 MB)`. */
export function copyText({ events, rooms, bytes }: CopySize): string {
  return `${countText(events, "event")} of ${countText(rooms, "room")} (${sizeText(bytes)})`;
}

/** @throws {Error} with that message if there is anything at `path`. */
export function refuseExisting(path: string, message: string): void {
  try {
    Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  throw new Error(message);
}

function sizeText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let unit = 0;
  let size = bytes;
  for (; size >= 1000 && unit < units.length - 1; unit++) size /= 1000;
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}
