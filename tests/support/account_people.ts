/** People who are logged in to accounts, without passwords. */

import { nameKey } from "../../lib/domain/name.ts";
import type { ChatContext } from "../../lib/service/chat/chat_session.ts";
import type { WebClient } from "./web_client.ts";
import type { ChatRoom, Guest } from "./chat_room.ts";
import type { WebScene } from "./web_scene.ts";

/** A chat whose accounts a test can add. */
interface Chat {
  readonly chat: ChatContext;
  addAccount(name: string): void;
}

/** Logs in somebody who is there to an account, which is added if need be. */
export async function logInAs(chat: Chat, name: string, account = name): Promise<void> {
  if (!chat.chat.accounts.find(account)) chat.addAccount(account);
  const { member, correspondence } = chat.chat.people.find(name)!;
  member.context.account = nameKey(account);
  await correspondence.accountChanged();
}

/** Logs out somebody who is there. */
export async function logOutOf(chat: Chat, name: string): Promise<void> {
  const { member, correspondence } = chat.chat.people.find(name)!;
  member.context.account = undefined;
  await correspondence.accountChanged();
}

/** Enters somebody with an account of that name, who is shown what is unread. */
export async function enterAccount(chat: ChatRoom, name: string): Promise<Guest> {
  const guest = await chat.enter(name);
  await logInAs(chat, name);
  return guest;
}

/** Enters somebody with an account of that name over the web. */
export async function enterWebAccount(scene: WebScene, name: string): Promise<WebClient> {
  const client = await scene.enter(name);
  await logInAs(scene, name);
  return client;
}
