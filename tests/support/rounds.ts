/**
 * How often a test with random input tries: a little in `deno task test`, which people wait for,
 * and thoroughly in `deno task test:fuzz`, which `.ci/run` has too.
 *
 * @module
 */

const IS_THOROUGH = Deno.env.get("PARTYLINE_THOROUGH") === "1";

/**
 * A number of rounds.
 *
 * @param few In `deno task test`.
 * @param many In `deno task test:fuzz`.
 * @param variable The environment variable that says otherwise, if there is one.
 */
export function rounds(few: number, many: number, variable?: string): number {
  const given = variable && Deno.env.get(variable);
  return given ? Number(given) : IS_THOROUGH ? many : few;
}

/** Where random input comes from: `PARTYLINE_SEED`, or else 1. */
export const SEED = Number(Deno.env.get("PARTYLINE_SEED") ?? 1);
