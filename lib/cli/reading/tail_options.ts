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
    doc: "print the last N events that pass the filter; also -N",
  },
  {
    name: "follow",
    short: "f",
    kind: "flag",
    doc: "keep printing new events",
  },
  {
    name: "level",
    kind: "string",
    value: "LEVEL",
    doc: "only log lines of this level or a more severe one: err, warn, info, ...",
  },
  {
    name: "source",
    kind: "string",
    value: "NAME",
    doc: "only events from this source, host, program or person; web* for all that start with web",
  },
  {
    name: "grep",
    kind: "string",
    value: "WORDS",
    doc: 'only events with these words, in the language of search: disk "no space" -debug',
  },
  { name: "json", kind: "flag", doc: "print JSON Lines" },
] as const;
