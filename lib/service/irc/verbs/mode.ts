import { DomainError } from "../../../domain/domain_error.ts";
import { fromChannel } from "../irc_names.ts";
import { runUserMode } from "../user_modes.ts";
import type { Verb } from "../verb.ts";

export const MODE: Verb = {
  name: "MODE",
  minParams: 1,
  help: [
    "MODE NICK [+LETTERS][-LETTERS] - shows or changes your own modes",
    "i: only people in your channels find you; w: you get WALLOPS; B: you are a bot",
  ],
  run(client, { params: [target, changes] }) {
    if (fromChannel(target) === undefined) return runUserMode(client, target, changes);
    throw new DomainError("unavailable", "The modes of channels cannot be shown here yet.");
  },
};
