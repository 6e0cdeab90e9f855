/**
 * The options of `tail`, on the machine and over SSH.
 *
 * @module
 */

export const TAIL_OPTIONS = [
  {
    name: "lines",
    short: "n",
    kind: "integer",
    value: "N",
    min: 0,
    max: 1_000_000_000,
    default: 10,
    isCount: true,
    doc: "print the last N events; also -N",
  },
  {
    name: "follow",
    short: "f",
    kind: "flag",
    doc: "keep printing new events",
  },
  { name: "json", kind: "flag", doc: "print JSON Lines" },
] as const;
