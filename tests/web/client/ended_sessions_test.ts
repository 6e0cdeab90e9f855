import { assertEquals } from "@std/assert";
import { AccountKeys } from "../../../lib/domain/access/accounts/account_keys.ts";
import { Accounts } from "../../../lib/domain/access/accounts/accounts.ts";
import { parsePublicKey } from "../../../lib/domain/access/accounts/public_key.ts";
import { MemoryStateStore } from "../../../lib/store/memory/state_store.ts";
import { EndedSessions } from "../../../lib/web/client/ended_sessions.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { PUBLIC_KEYS } from "../../support/public_keys.ts";
import { QUICK_HASHER } from "../../support/quick_hasher.ts";

const LAPTOP = parsePublicKey(PUBLIC_KEYS.ANN.line);
const DESKTOP = parsePublicKey(PUBLIC_KEYS.SECOND.line);

/** A session of ann, who has a key and no password, has just ended under the secret `s`. */
async function openWithKeyOnly() {
  const clock = new FakeClock();
  const accounts = await Accounts.open({
    state: new MemoryStateStore(),
    clock,
    hasher: QUICK_HASHER,
  });
  const keys = new AccountKeys({ accounts, clock });
  await keys.register("ann", LAPTOP);
  const sessions = new EndedSessions({ clock, accounts });
  sessions.add("s", "ann");
  return { clock, accounts, keys, accountOf: () => sessions.find("s")?.account?.name };
}

Deno.test("EndedSessions.find() names an account without a password while its keys are there", async () => {
  const { keys, accountOf } = await openWithKeyOnly();
  assertEquals(accountOf(), "ann");
  await keys.add("ann", [DESKTOP]);
  assertEquals(accountOf(), "ann");
  await keys.remove("ann", LAPTOP.fingerprint);
  assertEquals(accountOf(), undefined);
});

Deno.test("EndedSessions.find() does not mistake a new account for an earlier one of the same name", async () => {
  const { clock, accounts, keys, accountOf } = await openWithKeyOnly();
  await accounts.remove("ann");
  assertEquals(accountOf(), undefined);
  clock.tick(1000);
  await keys.register("ann", LAPTOP, { isTrusted: true });
  assertEquals(accountOf(), undefined);
});
