/**
 * Checks the data directory, and changes nothing in it.
 *
 * @module
 */

import { sizeText } from "../../domain/text/size_text.ts";
import {
  DataDirectoryInUseError,
  lockDataDirectory,
  pathsIn,
  refuseUnusableLog,
  systemReason,
} from "../../store/sqlite/data_directory.ts";
import { diskSpace } from "../disk_space.ts";
import type { Resolved } from "../options/option.ts";
import { type CheckFinding, findingAt } from "./finding.ts";
import { dataWarning } from "./standing_notes.ts";

/** With less free space, as a part of the disk and in bytes, the disk is taken to be nearly full. */
const LITTLE_PART = 0.02;
const LITTLE_BYTES = 500_000_000;

export interface DataCheck {
  readonly findings: readonly CheckFinding[];
  /** The sentence about the server that runs there, if one does. */
  readonly inUse?: string;
}

/** @param space How full its disk is. */
export async function checkData(
  { value: data, origin }: Resolved<string>,
  space = diskSpace,
): Promise<DataCheck> {
  const fault = (sentence: string) => findingAt("fault", origin, sentence);
  const existing = nearestExisting(data);
  try {
    if (!Deno.statSync(existing).isDirectory) {
      return {
        findings: [fault(`${existing} is not a directory. Choose another with --data DIR`)],
      };
    }
    Deno.removeSync(Deno.makeTempFileSync({ dir: existing, prefix: ".partyline-check-" }));
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const reason = systemReason(error as Error);
    const what = existing === data
      ? `write to the data directory ${data}`
      : `create the data directory ${data}`;
    const advice = "Run the server as a user who may, or choose another with --data DIR";
    return { findings: [fault(`Cannot ${what}: ${reason}. ${advice}`)] };
  }
  const findings: CheckFinding[] = [];
  const disk = await space(existing);
  if (disk && disk.freeBytes < Math.min(LITTLE_BYTES, disk.sizeBytes * LITTLE_PART)) {
    const sentence =
      `Only ${
        sizeText(disk.freeBytes)
      } are free on the disk of ${data}. Free some, or limit what ` +
      "rooms keep with keep-for and keep-size";
    findings.push(findingAt("warning", origin, sentence));
  }
  if (existing !== data || !isFile(`${data}/lock`)) return { findings };
  try {
    refuseUnusableLog(data);
    const warning = isFile(pathsIn(data).databasePath) ? dataWarning(data) : undefined;
    if (warning) findings.push(findingAt("warning", origin, warning));
    lockDataDirectory(data, { isBrief: true })[Symbol.dispose]();
  } catch (error) {
    const { message } = error as Error;
    // The server that one would reload, or restart.
    if (error instanceof DataDirectoryInUseError) return { findings, inUse: message };
    findings.push(fault(message.replace(/\.$/, "")));
  }
  return { findings };
}

/** The directory, or the one above it that exists. */
function nearestExisting(path: string): string {
  for (;;) {
    try {
      Deno.lstatSync(path);
      return path;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) return path;
    }
    const parent = path.replace(/\/*$/, "").replace(/[^/]*$/, "").replace(/(.)\/+$/, "$1");
    path = parent === "" ? "." : parent;
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
