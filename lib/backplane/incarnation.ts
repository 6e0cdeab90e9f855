/**
 * Names of the runs of a node. They count up, so that a `hello` of an earlier run, sent again late,
 * does not end a later one; and have a random part, because a run may have died unseen.
 *
 * @module
 */

/** The name of the run after `last`. */
export function nextIncarnation(last: string | undefined): string {
  return `${numberOf(last) + 1}.${crypto.randomUUID().slice(0, 8)}`;
}

/** Whether a run may begin after `last` of the same node. */
export function isLaterIncarnation(incarnation: string, last: string | undefined): boolean {
  return numberOf(incarnation) > numberOf(last);
}

function numberOf(incarnation = "0"): number {
  return parseInt(incarnation) || 0;
}
