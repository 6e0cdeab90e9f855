/**
 * How full the disk of a directory is.
 *
 * @module
 */

import { statfs } from "node:fs/promises";
import type { DiskSpace } from "../metrics/process_metrics.ts";

/** Takes the permission `--allow-sys=statfs`; without it, resolves to `undefined`. */
export async function diskSpace(path: string): Promise<DiskSpace | undefined> {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "statfs" as "hostname" });
  if (state !== "granted") return undefined;
  try {
    const { bavail, blocks, bsize } = await statfs(path);
    return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
  } catch {
    return undefined;
  }
}
