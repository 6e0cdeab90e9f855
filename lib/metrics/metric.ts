/**
 * What a metric is: a name by Prometheus' rules, and how to read it now. Whatever it counts is
 * counted elsewhere, as a plain number.
 *
 * @module
 */

import type { Histogram } from "./histogram.ts";

/** Names of labels with their values, which must come from a list that no peer can add to. */
export type Labels = Readonly<Record<string, string>>;

/** A value with its labels. */
export type LabelledValue = readonly [labels: Labels, value: number];

interface Described {
  /** In base units: `partyline_received_bytes_total`. That of a counter ends in `_total`. */
  readonly name: string;
  /** One line for people. */
  readonly help: string;
}

/** A number, or one for each set of labels; `undefined` if it is not known. */
export type Reading = number | readonly LabelledValue[] | undefined;

/** One metric. */
export type Metric =
  & Described
  & (
    | { readonly type: "counter" | "gauge"; readonly read: () => Reading | Promise<Reading> }
    | { readonly type: "histogram"; readonly read: () => Histogram }
  );
