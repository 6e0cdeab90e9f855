/**
 * How many rounds a fuzz test runs: few in `deno task test`, which people wait for, and many in
 * `deno task test:fuzz`, which `.ci/run` runs too.
 *
 * @module
 */

/** Whether this is `deno task test:fuzz`. */
export const IS_THOROUGH = Deno.env.get("PARTYLINE_THOROUGH") === "1";

/**
 * The part of all rounds that `deno task test:fuzz` does: a tenth, so that the gate has an end, or
 * `PARTYLINE_PART`. With `PARTYLINE_PART=1` it does all of them, which takes about half an hour.
 */
const PART = Number(Deno.env.get("PARTYLINE_PART") ?? 0.1);

/**
 * Returns the number of rounds.
 *
 * @param few In `deno task test`.
 * @param many In `PARTYLINE_PART=1 deno task test:fuzz`.
 * @param variable An environment variable that overrides both.
 */
export function rounds(few: number, many: number, variable?: string): number {
  const given = variable && Deno.env.get(variable);
  return given ? Number(given) : IS_THOROUGH ? Math.round(few + (many - few) * PART) : few;
}

/** The seed of random input: `PARTYLINE_SEED`, or 1. */
export const SEED = Number(Deno.env.get("PARTYLINE_SEED") ?? 1);
