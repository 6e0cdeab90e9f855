/** The program, where every name is an account with any password, and `root` an operator. */

import { Accounts } from "../../lib/domain/access/accounts.ts";
import { nameKey } from "../../lib/domain/name.ts";

Accounts.prototype.find = function (name: string) {
  const key = nameKey(name);
  return { name, key, isOperator: key === "root", createdAt: 0 };
};

Accounts.prototype.logIn = function (name: string) {
  return Promise.resolve(this.find(name)!);
};

await import("../../main.ts");
