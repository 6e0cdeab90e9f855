import type { AccountKey } from "../../../domain/access/accounts/account.ts";
import { parsePublicKey, type PublicKey } from "../../../domain/access/accounts/public_key.ts";
import { countText } from "../../../domain/wording.ts";
import type { ChatSession } from "../chat_session.ts";
import { type ChatCommand, showUsage, splitWord } from "../command.ts";
import { requireAccount } from "../login/own_account.ts";

export const key: ChatCommand = {
  name: "key",
  usage: "/key [add [LINE] | list | remove KEY]",
  summary: "list, add or remove the SSH keys you log in with",
  details:
    "LINE is a line of a .pub or authorized_keys file: /key add ssh-ed25519 AAAA... laptop. Without " +
    "it, the key that you have connected with is added. KEY is a number in the list, or a " +
    "fingerprint.",
  async run(person, argument) {
    const { name } = requireAccount(person);
    const [action, rest] = splitWord(argument);
    switch (action.toLowerCase()) {
      case "":
      case "list":
        return rest === "" ? showKeys(person, name) : showUsage(person, key);
      case "add":
        return await addKey(person, name, rest);
      case "remove":
        return rest === "" ? showUsage(person, key) : await removeKey(person, name, rest);
      default:
        showUsage(person, key);
    }
  },
};

/** The key that somebody has connected with, if they came by SSH and have one. */
export function keyInUse({ member: { context } }: ChatSession): PublicKey | undefined {
  const { publicKey } = context.identity ?? {};
  return publicKey && parsePublicKey(publicKey.line);
}

async function addKey(person: ChatSession, name: string, line: string): Promise<void> {
  const added = line === "" ? keyInUse(person) : parsePublicKey(line);
  if (!added) {
    return person.error(
      "You have not connected with an SSH key. Give one as in a .pub file: /key add ssh-ed25519 " +
        "AAAA... NAME",
    );
  }
  const fresh = await person.chat.keys.add(name, [added]);
  person.notice(
    fresh.length === 0
      ? `The key ${added.fingerprint} is already one of yours.`
      : `Added the key ${added.fingerprint}: it logs in to ${name} over SSH from now on.`,
  );
}

function showKeys(person: ChatSession, name: string): void {
  const keys = person.chat.keys.keysOf(name);
  const used = keyInUse(person)?.fingerprint;
  for (const [index, key] of keys.entries()) {
    const here = key.fingerprint === used ? " (this connection)" : "";
    person.notice(`${index + 1}. ${describe(key)}${here}`);
  }
  person.notice(
    keys.length === 0
      ? "You have no keys. /key add LINE adds one."
      : `You have ${countText(keys.length, "key")}. /key remove NUMBER removes one.`,
  );
}

async function removeKey(person: ChatSession, name: string, which: string): Promise<void> {
  // People who remove the key that they have connected with stay until they leave.
  person.isChangingAccount = true;
  let fingerprint: string;
  try {
    ({ fingerprint } = await person.chat.keys.remove(name, which.trim()));
  } finally {
    person.isChangingAccount = false;
  }
  person.notice(`The key ${fingerprint} is removed: it does not log in to ${name} any more.`);
}

function describe({ type, fingerprint, label, addedAt }: AccountKey): string {
  const day = new Date(addedAt).toISOString().slice(0, 10);
  return `${fingerprint} ${type}${label === "" ? "" : ` ${label}`}, added on ${day}`;
}
