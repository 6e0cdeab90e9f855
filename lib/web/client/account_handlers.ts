/**
 * WebSocket messages about the client's account. Passwords come in fields of their own, never in a
 * command or a line, so that no client keeps them in a history.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { DomainError } from "../../domain/domain_error.ts";
import { logIn, logOut } from "../../service/chat/login/log_in.ts";
import {
  changePassword,
  registerName,
  requireAccount,
} from "../../service/chat/login/own_account.ts";
import { rememberPreferences } from "../../service/chat/person_memory.ts";
import type { HandlerContext, Handlers } from "./handler.ts";

/** Largest preferences of an account, in bytes of JSON. */
const MOST_PREFERENCES = 16 * 1024;

/**
 * Handlers for one client, by message type. Each is answered by `account`, except `preferences`,
 * which is answered by a message of its own type.
 */
export function accountHandlers({ person, screen }: HandlerContext): Handlers {
  return {
    preferences: async (fields, ref) => {
      requireAccount(person);
      const preferences = fields.object("preferences");
      const text = JSON.stringify(preferences);
      if (Buffer.byteLength(text) > MOST_PREFERENCES) {
        throw new DomainError(
          "too-long",
          `Preferences may have up to ${MOST_PREFERENCES} bytes of JSON.`,
        );
      }
      await rememberPreferences(person, text);
      screen.recallPreferences(text);
      screen.answer({ type: "preferences", ref, preferences });
    },
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
