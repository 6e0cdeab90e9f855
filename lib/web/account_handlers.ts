/**
 * WebSocket messages about the client's account. Passwords come in fields of their own, never in a
 * command or a line, so that no client keeps them in a history.
 *
 * @module
 */

import type { ChatSession } from "../service/chat/chat_session.ts";
import {
  changePassword,
  logIn,
  logOut,
  registerName,
  requireAccount,
} from "../service/chat/log_in.ts";
import type { Handler } from "./query_handlers.ts";

/** Handlers for one client, by message type. Each is answered by `account`. */
export function accountHandlers(person: ChatSession): Record<string, Handler> {
  return {
    register: (fields) => registerName(person, fields.text("password")),
    login: (fields) => logIn(person, fields.text("name"), fields.text("password")),
    logout: () => {
      const { name } = requireAccount(person);
      logOut(person, `You are logged out of ${name}.`);
    },
    password: async (fields) => {
      await changePassword(person, fields.text("old"), fields.text("new"));
      person.screen.showAccount?.();
    },
  };
}
