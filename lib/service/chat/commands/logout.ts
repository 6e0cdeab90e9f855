import type { ChatCommand } from "../command.ts";
import { logOut } from "../login/log_in.ts";
import { requireAccount } from "../login/own_account.ts";

export const logout: ChatCommand = {
  name: "logout",
  usage: "/logout",
  summary: "log out of your account, and go on as a guest",
  run(person) {
    const { name } = requireAccount(person);
    logOut(person, `You are logged out of ${name}.`);
  },
};
