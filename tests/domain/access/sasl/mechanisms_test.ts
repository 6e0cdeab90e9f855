import { assert, assertEquals, assertRejects } from "@std/assert";
import { AccountCertificates } from "../../../../lib/domain/access/accounts/account_certificates.ts";
import { Accounts } from "../../../../lib/domain/access/accounts/accounts.ts";
import { LoginDelays } from "../../../../lib/domain/access/login/login_delays.ts";
import { SaslError, type SaslPeer } from "../../../../lib/domain/access/sasl/mechanism.ts";
import { beginSasl, saslMechanisms } from "../../../../lib/domain/access/sasl/mechanisms.ts";
import { DomainError } from "../../../../lib/domain/domain_error.ts";
import { MemoryStateStore } from "../../../../lib/store/memory/state_store.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { QUICK_HASHER } from "../../../support/quick_hasher.ts";
import { ScramClient } from "../../../support/scram_client.ts";

const PASSWORD = "tea at five";
const OWNER = "198.51.100.7";
const STRANGER = "203.0.113.5";
const FINGERPRINT = "ab".repeat(32);

async function open(state = new MemoryStateStore()) {
  const clock = new FakeClock();
  const delays = new LoginDelays({ clock });
  const accounts = await Accounts.open({ state, clock, delays, hasher: QUICK_HASHER });
  const peer: SaslPeer = { accounts, certificates: new AccountCertificates({ accounts, clock }) };
  return { accounts, peer, clock, state };
}

/** Runs an exchange; each message is text, or made of the challenge before it. */
async function exchange(
  mechanism: string,
  peer: SaslPeer,
  messages: readonly (string | ((challenge: string) => string))[],
): Promise<string> {
  const sasl = beginSasl(mechanism, peer)!;
  let challenge = "";
  for (const message of messages) {
    const text = typeof message === "string" ? message : message(challenge);
    const answer = await sasl.respond(new TextEncoder().encode(text));
    if ("account" in answer) return answer.account.name;
    challenge = new TextDecoder().decode(answer.challenge);
  }
  return challenge;
}

async function scram(peer: SaslPeer, name: string, password: string, header = "n,,") {
  const client = new ScramClient({ name, password, header });
  return await exchange("SCRAM-SHA-256", peer, [
    client.first(),
    (challenge) => client.final(challenge),
    (challenge) => client.accepts(challenge) ? "" : "no",
  ]);
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await assertRejects(() => work, Error);
  assert(error instanceof DomainError || error instanceof SaslError, `${error}`);
  return error.message;
}

Deno.test("PLAIN logs in with name and password", async () => {
  const { accounts, peer } = await open();
  await accounts.register("Ann", PASSWORD);
  for (const message of [`\0ann\0${PASSWORD}`, `ANN\0Ann\0${PASSWORD}`]) {
    assertEquals(await exchange("plain", peer, [message]), "Ann");
  }
});

Deno.test("PLAIN refuses a wrong password and an unknown name alike", async () => {
  const { accounts, peer } = await open();
  await accounts.register("ann", PASSWORD);
  const wrong = await refusal(exchange("PLAIN", peer, ["\0ann\0wrong password"]));
  assertEquals(await refusal(exchange("PLAIN", peer, ["\0bob\0wrong password"])), wrong);
});

Deno.test("PLAIN refuses to act as somebody else, and malformed messages", async () => {
  const { accounts, peer } = await open();
  await accounts.register("ann", PASSWORD);
  await accounts.register("bob", PASSWORD);
  for (
    const [message, part] of [
      [`bob\0ann\0${PASSWORD}`, "act as another"],
      ["", "A name and a password"],
      [`ann\0${PASSWORD}`, "A name and a password"],
      ["\0ann\0", "A name and a password"],
      [`\0\0${PASSWORD}`, "A name and a password"],
      [`\0ann\0${PASSWORD}\0more`, "A name and a password"],
    ]
  ) {
    const text = await refusal(exchange("PLAIN", peer, [message]));
    assert(text.includes(part), text);
  }
  const sasl = beginSasl("PLAIN", peer)!;
  const text = await refusal(sasl.respond(Uint8Array.of(0, 0xff, 0, 0x61)));
  assert(text.includes("UTF-8"), text);
});

Deno.test("SCRAM-SHA-256 logs in, and proves the server to the client", async () => {
  const { accounts, peer } = await open();
  await accounts.register("Ann", PASSWORD);
  assertEquals(await scram(peer, "ann", PASSWORD), "Ann");
  assertEquals(await scram(peer, "ann", PASSWORD, "y,,"), "Ann");
  assertEquals(await scram(peer, "ann", PASSWORD, "n,a=ANN,"), "Ann");
  await accounts.setPassword("ann", "coffee at six");
  assertEquals(await scram(peer, "ann", "coffee at six"), "Ann");
  await refusal(scram(peer, "ann", PASSWORD));
});

Deno.test("SCRAM-SHA-256 refuses a wrong password and an unknown name alike", async () => {
  const { accounts, peer, state } = await open();
  await accounts.register("ann", PASSWORD);
  const wrong = await refusal(scram(peer, "ann", "wrong password"));
  assertEquals(await refusal(scram(peer, "bob", "wrong password")), wrong);
  // The salt of a name without an account is as constant as that of an account.
  const first = (name: string, where = peer) =>
    exchange("SCRAM-SHA-256", where, [new ScramClient({ name, password: "" }).first()]);
  const saltOf = (text: string) => /,s=([^,]+),/.exec(text)![1];
  const bob = saltOf(await first("bob"));
  assertEquals(saltOf(await first("BOB")), bob);
  assert(saltOf(await first("bobby")) !== bob);
  assertEquals(saltOf(await first("bob", (await open(state)).peer)), bob);
});

Deno.test("SCRAM-SHA-256 refuses messages of another exchange", async () => {
  const { accounts, peer } = await open();
  await accounts.register("ann", PASSWORD);
  const client = new ScramClient({ name: "ann", password: PASSWORD });
  let final = "";
  await exchange("SCRAM-SHA-256", peer, [
    client.first(),
    (challenge) => final = client.final(challenge),
  ]);
  const text = await refusal(
    exchange("SCRAM-SHA-256", peer, [client.first(), () => final]),
  );
  assert(text.includes("do not belong together"), text);
  // The flag says that the client would have bound the channel, had we offered it.
  const downgraded = await refusal(exchange("SCRAM-SHA-256", peer, [
    client.first(),
    (challenge) => client.final(challenge).replace("c=biws", "c=eSws"),
  ]));
  assert(downgraded.includes("do not belong together"), downgraded);
});

Deno.test("SCRAM-SHA-256 refuses a proof once the password has changed", async () => {
  const { accounts, peer } = await open();
  await accounts.register("ann", PASSWORD);
  const client = new ScramClient({ name: "ann", password: PASSWORD });
  const sasl = beginSasl("SCRAM-SHA-256", peer)!;
  const encoder = new TextEncoder();
  const answer = await sasl.respond(encoder.encode(client.first()));
  const challenge = new TextDecoder().decode((answer as { challenge: Uint8Array }).challenge);
  await accounts.setPassword("ann", "coffee at six");
  assert((await refusal(sasl.respond(encoder.encode(client.final(challenge))))).includes("Wrong"));
});

Deno.test("SCRAM-SHA-256 counts a wrong proof as a wrong password, and locks out no owner", async () => {
  const { accounts, peer, clock } = await open();
  await accounts.register("ann", PASSWORD, { address: OWNER });
  const stranger = { ...peer, address: STRANGER };
  for (let tries = 0; tries < 6; tries++) await refusal(scram(stranger, "ann", "wrong password"));
  assert((await refusal(scram(stranger, "ann", PASSWORD))).includes("Try again in 1 second"));
  assert(
    (await refusal(exchange("PLAIN", stranger, [`\0ann\0${PASSWORD}`]))).includes("Try again"),
  );
  assertEquals(await scram({ ...peer, address: OWNER }, "ann", PASSWORD), "ann");
  await clock.advance(1000);
  assertEquals(await scram(stranger, "ann", PASSWORD), "ann");
});

Deno.test("SCRAM-SHA-256 sends an account without a verifier to PLAIN, which makes one", async () => {
  const state = new MemoryStateStore();
  const { accounts } = await open(state);
  await accounts.register("ann", PASSWORD);
  await state.update("accounts", "ann", (text) => {
    const { scramVerifier: _, ...rest } = JSON.parse(text!);
    return { value: JSON.stringify(rest), result: undefined };
  });
  const { peer: later } = await open(state);
  const text = await refusal(scram(later, "ann", PASSWORD));
  assert(text.includes("PLAIN"), text);
  assertEquals(await exchange("PLAIN", later, [`\0ann\0${PASSWORD}`]), "ann");
  assertEquals(await scram(later, "ann", PASSWORD), "ann");
  assertEquals(await scram((await open(state)).peer, "ann", PASSWORD), "ann");
});

Deno.test("EXTERNAL is for peers with a certificate, which logs in to its account", async () => {
  const { accounts, peer: guest } = await open();
  await accounts.register("Ann", PASSWORD);
  await accounts.register("bob", PASSWORD);
  assertEquals(beginSasl("EXTERNAL", guest), undefined);
  assertEquals(saslMechanisms({}), ["PLAIN", "SCRAM-SHA-256"]);
  const peer = { ...guest, certificate: FINGERPRINT };
  assertEquals(saslMechanisms(peer), ["PLAIN", "SCRAM-SHA-256", "EXTERNAL"]);
  assert((await refusal(exchange("EXTERNAL", peer, [""]))).includes("AB:AB:AB"));
  const mine = () => [{ fingerprint: FINGERPRINT, addedAt: 0 }];
  await accounts.setCertificates("ann", mine);
  assertEquals(await exchange("EXTERNAL", peer, [""]), "Ann");
  assertEquals(await exchange("EXTERNAL", peer, ["ann"]), "Ann");
  assert((await refusal(exchange("EXTERNAL", peer, ["bob"]))).includes("AB:AB:AB"));
  // Whoever adds somebody else's fingerprint only makes it ambiguous.
  await accounts.setCertificates("bob", mine);
  assert((await refusal(exchange("EXTERNAL", peer, [""]))).includes("several"));
  assertEquals(await exchange("EXTERNAL", peer, ["ann"]), "Ann");
  await accounts.remove("bob");
  assertEquals(await exchange("EXTERNAL", peer, [""]), "Ann");
  await accounts.setCertificates("ann", () => []);
  await refusal(exchange("EXTERNAL", peer, [""]));
});

Deno.test("beginSasl() knows no other mechanism", async () => {
  const { peer } = await open();
  for (const name of ["", "SCRAM-SHA-1", "SCRAM-SHA-256-PLUS", "__proto__"]) {
    assertEquals(beginSasl(name, peer), undefined);
  }
});
