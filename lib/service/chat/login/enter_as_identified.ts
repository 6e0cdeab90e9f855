/**
 * Lets people in whose transport has asked who they are: they need not be asked again.
 *
 * @module
 */

import type { PeerIdentity } from "../../../context.ts";
import type { ChatSession } from "../chat_session.ts";
import { askForName } from "./ask_for_name.ts";
import { useAccount } from "./log_in.ts";

/**
 * Takes the name that somebody has come with, as its owner if they have proven to be that.
 *
 * @returns Whether they have the name; if not, they have been told why.
 * @throws {DomainError} As `askForName` and `useAccount` do.
 */
export async function enterAsIdentified(
  person: ChatSession,
  { name, account: key, publicKey }: PeerIdentity,
): Promise<boolean> {
  const account = key === undefined ? undefined : person.chat.accounts.find(key);
  if (account) {
    await useAccount(person, account);
    return true;
  }
  if (!await askForName(person, name)) return false;
  const owner = publicKey?.owner;
  if (owner !== undefined) {
    person.notice(`Your key is that of ${owner}. Connect as ${owner} to be logged in.`);
  }
  return true;
}
