/**
 * How many rounds a fuzz test runs: few in `deno task test`, which people wait for, and many in
 * `deno task test:fuzz`, which `.ci/run` runs too.
 *
 * @module
 */

/** Whether this is `deno task test:fuzz`. */
export const IS_THOROUGH = Deno.env.get("PARTYLINE_THOROUGH") === "1";

/**
 * Returns the number of rounds.
 *
 * @param few In `deno task test`.
 * @param many In `deno task test:fuzz`.
 * @param variable An environment variable that overrides both.
 */
export function rounds(few: number, many: number, variable?: string): number {
  const given = variable && Deno.env.get(variable);
  return given ? Number(given) : IS_THOROUGH ? many : few;
}

/** The seed of random input: `PARTYLINE_SEED`, or 1. */
export const SEED = Number(Deno.env.get("PARTYLINE_SEED") ?? 1);
