/**
 * The version of this program, and the only place that states it.
 *
 * @module
 */

/** Shown by `partyline --version`. */
export const VERSION = "0.1.0";
