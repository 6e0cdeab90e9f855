/**
 * The action of a command that has several: `account add`, `cluster status`.
 *
 * @module
 */

import { didYouMean, oneOf, UsageError } from "./options/usage_error.ts";

/**
 * Returns the action that a word names.
 *
 * @param command The words before it: `account key`.
 * @param actions By their names, in the order in which an error lists them.
 * @throws {UsageError} if there is no word, or no such action.
 */
export function findAction<Action>(
  command: string,
  word: string | undefined,
  actions: Readonly<Record<string, Action>>,
): Action {
  const names = Object.keys(actions);
  if (word === undefined) throw new UsageError(`${command} needs an action: ${oneOf(names)}`);
  if (Object.hasOwn(actions, word)) return actions[word];
  const hint = didYouMean(word, names, (guess) => `"${guess}"`) || `: use ${oneOf(names)}`;
  throw new UsageError(`Unknown action ${JSON.stringify(word)}${hint}`);
}
