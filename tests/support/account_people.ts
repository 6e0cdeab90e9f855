/** People who are logged in to accounts, without passwords; an account can have several sessions. */

import type { ChatContext } from "../../lib/service/chat/chat_session.ts";
import { logOut } from "../../lib/service/chat/login/log_in.ts";
import type { WebClient } from "./web_client.ts";
import type { WebScene } from "./web_scene.ts";

/** A chat whose accounts a test can add. */
interface Chat {
  readonly chat: ChatContext;
  addAccount(name: string): Promise<void>;
}

/**
 * Logs in somebody who is there to an account, which is added if need be, and gives them its name if
 * nobody has it.
 */
export async function logInAs(chat: Chat, name: string, account = name): Promise<void> {
  const { people, accounts } = chat.chat;
  const person = people.find(name)!;
  // So that they keep the name if the account gets the same.
  person.isChangingAccount = true;
  if (!accounts.find(account)) await chat.addAccount(account);
  person.isChangingAccount = false;
  person.member.identify(accounts.find(account));
  if (!people.find(account)) person.takeName(account);
  await person.correspondence.accountChanged();
}

/** Logs out somebody who is there. */
export function logOutOf({ chat }: Chat, name: string): void {
  logOut(chat.people.find(name)!, "You are logged out.");
}

/** Enters somebody with an account of that name over the web. */
export async function enterWebAccount(scene: WebScene, name: string): Promise<WebClient> {
  const guest = `${name}-guest`;
  const client = await scene.enter(guest);
  await logInAs(scene, guest, name);
  return client;
}
