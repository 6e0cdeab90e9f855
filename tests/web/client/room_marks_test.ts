import { assertEquals } from "@std/assert";
import { FakeClock, settleSockets } from "../../support/fake_clock.ts";
import { TrialLog } from "../../support/trial_log.ts";
import type { WebClient } from "../../support/web_client.ts";
import { WebScene } from "../../support/web_scene.ts";

/** Of the accounts that the scene adds. */
const PASSWORD = "correct horse";

/** Logs in on another device, which knows nothing of what was read; returns what `joined` says. */
async function enter(scene: WebScene, name: string): Promise<[WebClient, Record<string, unknown>]> {
  const client = await scene.open();
  client.send({ type: "hello", name, password: PASSWORD });
  const { lastSeq, read, unread } = await client.next("joined");
  await client.next("live");
  return [client, { lastSeq, read, unread }];
}

async function leave(client: WebClient): Promise<void> {
  client.send({ type: "command", line: "/quit" });
  await client.ended;
}

Deno.test("How far an account has read a room is known on its next device", async () => {
  await using scene = new WebScene();
  await scene.addAccount("ann");
  const bob = await scene.enter("bob");
  const [laptop, first] = await enter(scene, "ann");
  assertEquals(first, { lastSeq: 1, read: undefined, unread: undefined });
  for (const body of ["one", "two"]) await bob.ask({ type: "say", room: "lobby", body });
  laptop.send({ type: "read", room: "LOBBY", seq: 4 });
  await laptop.ask({ type: "ping" });
  await leave(laptop);
  for (const body of ["three", "four"]) await bob.ask({ type: "say", room: "lobby", body });
  const [phone, again] = await enter(scene, "ann");
  assertEquals(again, { lastSeq: 7, read: 4, unread: 2 });
  // A device that is behind takes nothing back, nor does one that claims to be ahead.
  phone.send({ type: "read", room: "lobby", seq: 2 });
  phone.send({ type: "read", room: "lobby", seq: 10_000 });
  await phone.ask({ type: "ping" });
  await leave(phone);
  const [, last] = await enter(scene, "ann");
  assertEquals(last, { lastSeq: 9, read: 8, unread: 0 });
});

Deno.test("What an account has read is forgotten when it is removed while somebody uses it", async () => {
  await using scene = new WebScene();
  await scene.addAccount("ann");
  const [laptop] = await enter(scene, "ann");
  laptop.send({ type: "read", room: "lobby", seq: 1 });
  await laptop.ask({ type: "ping" });
  await scene.accounts.remove("ann");
  await laptop.next("account");
  await leave(laptop);
  await scene.addAccount("ann");
  const [, again] = await enter(scene, "ann");
  assertEquals(again.read, undefined);
});

Deno.test("unread counts what is said between the count and the entry", async () => {
  /** Has counted before a message comes, and answers after it. */
  class BusyLog extends TrialLog {
    override async countTalk(...request: Parameters<TrialLog["countTalk"]>) {
      const counted = await super.countTalk(...request);
      await bob.ask({ type: "say", room: "lobby", body: "second" });
      return counted;
    }
  }
  const clock = new FakeClock({ settle: settleSockets });
  await using scene = new WebScene({ clock, log: new BusyLog(clock) });
  const bob = await scene.enter("bob");
  await bob.ask({ type: "say", room: "lobby", body: "first" });
  const carol = await scene.open();
  carol.send({ type: "hello", name: "carol", rooms: [{ room: "lobby", read: 0 }] });
  const { unread } = await carol.next("joined");
  assertEquals(unread, 2);
});

Deno.test("read of a room tells the other sessions of the account, and nobody else", async () => {
  await using scene = new WebScene();
  await scene.addAccount("ann");
  const bob = await scene.enter("bob");
  const [laptop] = await enter(scene, "ann");
  await laptop.command("/nick ann-laptop");
  const [phone] = await enter(scene, "ann");
  await bob.ask({ type: "say", room: "lobby", body: "one" });
  const { seq } = (await bob.ask({ type: "say", room: "lobby", body: "two" })) as { seq: number };
  laptop.send({ type: "read", room: "lobby", seq });
  assertEquals(await phone.next("read"), { type: "read", room: "lobby", seq });
  bob.send({ type: "read", room: "lobby", seq });
  for (const client of [bob, laptop]) {
    await client.ask({ type: "ping" });
    assertEquals(client.messages.filter(({ type }) => type === "read"), []);
  }
});

Deno.test("read of a room that the client is not in is refused", async () => {
  await using scene = new WebScene();
  const bob = await scene.enter("bob");
  const answer = await bob.ask({ type: "read", room: "ops", seq: 1 });
  assertEquals([answer.type, answer.code], ["error", "not-in-room"]);
});

Deno.test("What was read on the page is stored for terminals, and while the page stays open", async () => {
  await using scene = new WebScene();
  await scene.addAccount("ann");
  const bob = await scene.enter("bob");
  const [laptop] = await enter(scene, "ann");
  await bob.ask({ type: "say", room: "lobby", body: "one" });
  laptop.send({ type: "read", room: "lobby", seq: 3 });
  await laptop.ask({ type: "ping" });
  const marks = async () =>
    (await scene.chat.memory.recall({ nickname: "ann", account: "ann" })).marks;
  assertEquals([...await marks()], []);
  await scene.advance(60_000);
  assertEquals([...await marks()], [["lobby", 3]]);
});
