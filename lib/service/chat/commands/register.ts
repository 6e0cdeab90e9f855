import type { ChatCommand } from "../command.ts";
import { askNewPassword } from "../login/new_password.ts";
import { registerName, requireRegistrable } from "../login/own_account.ts";
import { keyInUse } from "./key.ts";

export const register: ChatCommand = {
  name: "register",
  usage: "/register",
  summary: "make your name an account, with a password or your SSH key",
  details:
    "Over SSH, the key you are connected with logs you in; elsewhere you choose a password. " +
    "From then on nobody else can use the name. /account shows what belongs to an account.",
  isOffered: ({ access }) => !access.isClosed,
  async run(person, argument) {
    requireRegistrable(person);
    const { nickname } = person;
    const key = keyInUse(person);
    if (argument !== "") {
      return person.error(
        "Type /register alone: it makes an account of the name that you use, and asks for a " +
          "password. /nick NAME changes the name first.",
      );
    }
    if (key) {
      await registerName(person, key);
      person.notice(
        `The name ${nickname} is yours: from now on it takes your key ${key.fingerprint}. You are ` +
          "logged in. /key add LINE adds another key, and /password sets a password for telnet, the web and IRC.",
      );
      return;
    }
    const password = await askNewPassword(person, `Choose a password for ${nickname}.`);
    if (password === undefined) return;
    await registerName(person, password);
    person.notice(
      `The name ${nickname} is yours: from now on it takes your password. You are logged in.`,
    );
  },
};
