import { assertEquals } from "@std/assert";
import { STRANGER } from "../../../lib/domain/asker.ts";
import { redactionDraft } from "../../../lib/domain/redaction.ts";
import { ChatRoom, settle } from "../../support/chat_room.ts";

async function redact(chat: ChatRoom, of: number, why = "rude"): Promise<void> {
  chat.registry.record(STRANGER, "lobby", [
    redactionDraft({ room: "lobby", from: "mia", of, why }),
  ]);
  await chat.registry.settled();
  await settle();
}

Deno.test("A redacted text is shown to nobody who joins, looks back or quotes later", async () => {
  await using chat = new ChatRoom();
  const [ann, jack] = await chat.enterAll("ann", "jack");
  ann.say("secret", "/me waves");
  await jack.expect("<ann> secret", "* ann waves");
  await redact(chat, 3);
  await redact(chat, 4, "");
  await jack.expect("* mia redacted #3 (rude)", "* mia redacted #4");
  await ann.expect("* mia redacted #3 (rude)", "* mia redacted #4");
  jack.say("/history", "/quote #3");
  const lines = (await jack.read()).map((line) => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d /, ""));
  assertEquals(lines, [
    "#3 <ann> (redacted by mia: rude)",
    "#4 * ann (redacted by mia)",
    "#5 * mia redacted #3 (rude)",
    "#6 * mia redacted #4",
    "* You quoted #3 <ann> (redacted by mia: rude)",
  ]);
  const bob = chat.connect();
  bob.say("bob");
  await settle();
  const shown = bob.transcript;
  assertEquals([shown.includes("secret"), shown.includes("waves")], [false, false]);
  assertEquals(shown.includes("<ann> (redacted by mia: rude)\r\n"), true);
});

Deno.test("People see redactions by somebody they ignore", async () => {
  await using chat = new ChatRoom();
  const [ann, mia] = await chat.enterAll("ann", "mia");
  await ann.ask("/ignore mia", "* You are ignoring mia. /ignore mia again shows their messages.");
  await mia.read();
  mia.say("secret");
  await ann.expect();
  chat.registry.record(STRANGER, "lobby", [
    redactionDraft({ room: "lobby", from: "mia", of: 3, why: "" }),
  ]);
  await chat.registry.settled();
  await ann.expect("* mia redacted #3");
  await mia.expect("* mia redacted #3");
});

Deno.test("A reader who is behind gets no text that was redacted meanwhile", async () => {
  await using chat = new ChatRoom();
  const [ann, slow] = await chat.enterAll("ann", "slow");
  slow.pause();
  ann.say(...Array.from({ length: 300 }, (_, n) => `${n} ${"x".repeat(2000)}`));
  await settle();
  // #3 is the first of them: it has left already, or waits in the outbox.
  await redact(chat, 302);
  await redact(chat, 250);
  slow.resume();
  const lines = await slow.read();
  const redacted = lines.filter((line) => line === "<ann> (redacted by mia: rude)");
  assertEquals(redacted.length, 2);
  assertEquals(lines.some((line) => /^<ann> (299|247) x/.test(line)), false);
  assertEquals(lines.filter((line) => line.startsWith("<ann>")).length, 300);
});
