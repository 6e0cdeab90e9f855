/**
 * The options that `serve` has in common with the commands that read its log.
 *
 * @module
 */

import type { OptionSpec } from "../options/option_spec.ts";

/** Separate from the others, because it cannot be set in the file that it names. */
export const CONFIG_OPTION = {
  name: "config",
  kind: "string",
  value: "FILE",
  doc: "a TOML file with these options and more",
} as const satisfies OptionSpec;

/** The data directory. */
export const DATA_OPTION = {
  name: "data",
  kind: "string",
  value: "DIR",
  default: "./data",
  doc: "the directory that holds the log and all other data",
} as const satisfies OptionSpec;
