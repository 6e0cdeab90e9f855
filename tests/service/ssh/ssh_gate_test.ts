import { assertEquals } from "@std/assert";
import { Accounts } from "../../../lib/domain/access/accounts/accounts.ts";
import { LoginDelays } from "../../../lib/domain/access/login/login_delays.ts";
import { ServerPassword } from "../../../lib/domain/access/login/server_password.ts";
import { SshGate } from "../../../lib/service/ssh/ssh_gate.ts";
import { MemoryStateStore } from "../../../lib/store/memory/state_store.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { QUICK_HASHER } from "../../support/quick_hasher.ts";

const PASSWORD = "tea at five";

/** A key that is known by its fingerprint. */
const key = (fingerprint: string) => ({
  type: "ssh-ed25519",
  fingerprint,
  line: `ssh-ed25519 ${fingerprint}`,
});

/** A server on which ann has an account and the key `A`. */
async function open({ isClosed = false, serverPassword = "", hasPassword = true } = {}) {
  const clock = new FakeClock();
  const delays = new LoginDelays({ clock });
  const accounts = Accounts.empty({
    state: new MemoryStateStore(),
    clock,
    delays,
    hasher: QUICK_HASHER,
  });
  const ann = await accounts.register("Ann", PASSWORD);
  const gate = new SshGate({
    accounts: hasPassword ? accounts : withoutPassword(accounts),
    access: { isClosed },
    keys: { ownerOf: (fingerprint) => fingerprint === "A" ? ann : undefined },
    ...(serverPassword
      ? { serverPassword: new ServerPassword({ password: serverPassword, clock }) }
      : {}),
  });
  return gate.meet({ remote: "192.0.2.7:5", address: "192.0.2.7" });
}

/** The same accounts, which have only keys. */
function withoutPassword(accounts: Accounts): Pick<Accounts, "find" | "passwords"> {
  return {
    find(name) {
      const account = accounts.find(name);
      return account && { ...account, passwordHash: undefined, keys: [] };
    },
    passwords: accounts.passwords,
  };
}

Deno.test("SshGate lets a guest in with any key, and remembers it", async () => {
  const keeper = await open();
  assertEquals(keeper.considersKey("bob", key("X")), true);
  assertEquals(keeper.takeKey("bob", key("X")), "in");
  assertEquals(keeper.identity("bob"), { name: "bob", account: undefined, publicKey: key("X") });
});

Deno.test("SshGate lets a guest in without a key, and asks nothing", async () => {
  const keeper = await open();
  assertEquals(keeper.question("bob"), undefined);
  assertEquals(keeper.identity("bob"), { name: "bob", account: undefined, publicKey: undefined });
});

Deno.test("SshGate lets the owner of an account in with its key, whatever the case", async () => {
  const keeper = await open();
  assertEquals(keeper.considersKey("ANN", key("A")), true);
  assertEquals(keeper.takeKey("ANN", key("A")), "in");
  assertEquals(keeper.identity("ANN").account, "ann");
});

Deno.test("SshGate does not consider a strange key for a registered name", async () => {
  const keeper = await open();
  assertEquals(keeper.considersKey("ann", key("X")), false);
  assertEquals(keeper.takeKey("ann", key("X")), "refused");
});

Deno.test("SshGate asks for the password of a registered name, and says what was wrong", async () => {
  const keeper = await open();
  assertEquals(keeper.question("ann"), {
    explanation: "ann is a registered name. Connect with another one if it is not yours.",
    prompt: "Password of ann: ",
  });
  assertEquals(await keeper.takeAnswer("ann", "wrong"), "refused");
  assertEquals(
    keeper.question("ann")?.explanation,
    "Wrong name or password. Try again, or ask an operator for a new password. " +
      "ann is a registered name. Connect with another one if it is not yours.",
  );
  assertEquals(await keeper.takeAnswer("ann", PASSWORD), "in");
  assertEquals(keeper.identity("ann").account, "ann");
});

Deno.test("SshGate asks no password of an account with keys only, and says so", async () => {
  const keeper = await open({ hasPassword: false });
  assertEquals(keeper.question("ann"), {
    explanation: "ann logs in with an SSH key and has no password. Connect with one of its keys, " +
      "or with another name if it is not yours.",
    prompt: undefined,
  });
  const closed = await open({ hasPassword: false, isClosed: true });
  assertEquals(closed.question("ann")?.prompt, "Password of ann: ");
});

Deno.test("SshGate makes those wait who guess", async () => {
  const keeper = await open();
  for (let guess = 0; guess < 6; guess++) await keeper.takeAnswer("ann", "wrong");
  assertEquals(await keeper.takeAnswer("ann", PASSWORD), "refused");
  assertEquals(
    keeper.question("ann")?.explanation.startsWith("Too many wrong passwords. Try again in "),
    true,
  );
});

Deno.test("SshGate tells the owner of a key whose it is", async () => {
  const keeper = await open();
  assertEquals(keeper.takeKey("bob", key("A")), "in");
  assertEquals(keeper.identity("bob").publicKey?.owner, "Ann");
  assertEquals(keeper.identity("bob").account, undefined);
});

Deno.test("SshGate tells nobody on a closed server which names and keys there are", async () => {
  const keeper = await open({ isClosed: true });
  assertEquals(keeper.considersKey("bob", key("A")), false);
  assertEquals(keeper.considersKey("bob", key("X")), false);
  const { explanation } = keeper.question("bob")!;
  assertEquals(explanation, keeper.question("ann")!.explanation);
  assertEquals(await keeper.takeAnswer("bob", PASSWORD), "refused");
});

Deno.test("SshGate asks for the password of the server, even from somebody with a key", async () => {
  const keeper = await open({ serverPassword: "sesame" });
  assertEquals(keeper.takeKey("ann", key("A")), "more");
  assertEquals(keeper.question("ann"), {
    explanation: "This server has a password.",
    prompt: "Password of the server: ",
  });
  assertEquals(await keeper.takeAnswer("ann", "wrong"), "refused");
  assertEquals(await keeper.takeAnswer("ann", "sesame"), "in");
});

Deno.test("SshGate asks for both passwords, one after the other", async () => {
  const keeper = await open({ serverPassword: "sesame" });
  assertEquals(await keeper.takeAnswer("ann", "sesame"), "more");
  assertEquals(keeper.question("ann")?.prompt, "Password of ann: ");
  assertEquals(await keeper.takeAnswer("ann", PASSWORD), "in");
});
