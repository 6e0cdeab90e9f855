/**
 * The entry point of a thread that hashes passwords.
 *
 * @module
 */

import { scryptSync } from "node:crypto";
import { setPriority } from "node:os";
import type { HashAnswer, HashPace, HashRequest } from "./hash_threads.ts";

/** The system then gives this thread about a tenth of a core that others want, too. */
const NICENESS = 10;

const scope = self as unknown as Worker & { readonly name: HashPace };

/** Lets everything else go first. On Linux, `0` is this thread; elsewhere it is the whole process. */
async function yieldToOthers(): Promise<void> {
  if (Deno.build.os !== "linux") return;
  const { state } = await Deno.permissions.query({ name: "sys", kind: "setPriority" });
  if (state === "granted") setPriority(0, NICENESS);
}

scope.onmessage = ({ data }: MessageEvent<HashRequest>) => {
  const { password, salt, length, options } = data;
  let answer: HashAnswer;
  try {
    answer = { key: new Uint8Array(scryptSync(password, salt, length, options)) };
  } catch (error) {
    answer = { failure: (error as Error).message };
  }
  scope.postMessage(answer);
};

if (scope.name === "patient") await yieldToOthers();
