/** The program, where every name is an account that needs no password, and `root` an operator. */

import { Accounts } from "../../lib/domain/access/accounts.ts";
import { nameKey } from "../../lib/domain/name.ts";
import { ChatMember } from "../../lib/service/chat/chat_member.ts";

Object.defineProperty(ChatMember.prototype, "account", {
  get(this: ChatMember) {
    return this.nickname === "" ? undefined : nameKey(this.nickname);
  },
});

const { rename } = ChatMember.prototype;
ChatMember.prototype.rename = function (nickname: string) {
  rename.call(this, nickname);
  this.isOperator = nickname === "root";
};

Accounts.prototype.find = function (name: string) {
  const key = nameKey(name);
  return { name, key, isOperator: key === "root", createdAt: 0 };
};

await import("../../main.ts");
