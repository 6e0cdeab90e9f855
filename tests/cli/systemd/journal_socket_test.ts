/** Journal entries, sent to a real socket in place of the journal's. */

import { assertEquals } from "@std/assert";
import { resetSync } from "@logtape/logtape";
import { configureLog } from "../../../lib/cli/log_output.ts";
import { encodeFields, JournalSocket } from "../../../lib/cli/systemd/journal_socket.ts";
import { runInConnection } from "../../../lib/context.ts";
import { log } from "../../../lib/log.ts";
import { Receiver } from "../../support/notify_receiver.ts";
import { TemporaryDirectory } from "../../support/temporary_directory.ts";

Deno.test("configureLog() sends records to the journal as fields", async () => {
  using receiver = new Receiver();
  const lines: string[] = [];
  await using journal = JournalSocket.open(receiver.address);
  const write = (line: string) => void lines.push(line);
  configureLog({ format: "text", level: "info", write, isJournal: true, journal });
  try {
    const context = { connection: 7, transport: "telnet", remote: "192.0.2.7:51234", room: "ops" };
    runInConnection(context, () => log("server").warning("Refused {sinceMs}", { sinceMs: 12 }));
    log("store").info("Ready");
  } finally {
    resetSync();
  }
  assertEquals((await receiver.next()).split("\n"), [
    "MESSAGE=warning server: Refused 12 connection=7 transport=telnet remote=192.0.2.7:51234 " +
    "room=ops sinceMs=12",
    "PRIORITY=4",
    "SYSLOG_IDENTIFIER=partyline",
    "PARTYLINE_PART=server",
    "PARTYLINE_CONNECTION=7",
    "PARTYLINE_TRANSPORT=telnet",
    "PARTYLINE_REMOTE=192.0.2.7:51234",
    "PARTYLINE_ROOM=ops",
    "PARTYLINE_SINCE_MS=12",
    "",
  ]);
  assertEquals((await receiver.next()).split("\n")[0], "MESSAGE=info store: Ready");
  assertEquals(lines, []);
});

Deno.test("encodeFields() writes the length before a value with a line end", () => {
  const text = new TextDecoder().decode(encodeFields({ MESSAGE: "a\nb", PRIORITY: "3" }));
  assertEquals(text, "MESSAGE\n\x03\0\0\0\0\0\0\0a\nb\nPRIORITY=3\n");
});

Deno.test("JournalSocket.send() hands back an entry that the journal does not take", async () => {
  const receiver = new Receiver();
  const lost: string[] = [];
  {
    await using journal = JournalSocket.open(receiver.address)!;
    journal.send({ MESSAGE: "x".repeat(4_000_000) }, () => lost.push("large"));
    journal.send({ MESSAGE: "small" }, () => lost.push("small"));
    assertEquals(await receiver.next(), "MESSAGE=small\n");
    receiver[Symbol.dispose]();
    journal.send({ MESSAGE: "late" }, () => lost.push("late"));
  }
  assertEquals(lost, ["large", "late"]);
});

Deno.test("JournalSocket.open() is undefined where there is no journal", () => {
  assertEquals(JournalSocket.open("/nowhere/socket"), undefined);
});

Deno.test("JournalSocket gives up on a journal that takes nothing, and loses no entry", async () => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/socket`;
  const silent = Deno.listenDatagram({ transport: "unixpacket", path });
  let sent = 0;
  const elsewhere: number[] = [];
  {
    await using journal = JournalSocket.open(path)!;
    for (; sent < 2000; sent++) {
      const number = sent;
      journal.send({ MESSAGE: `line ${number}` }, () => elsewhere.push(number));
    }
  }
  // The system holds some datagrams for the journal: few, or hundreds, as it is set.
  const held = await readHeld(silent, { path, own: `${directory.path}/last` });
  assertEquals(new Set(elsewhere).size, elsewhere.length);
  assertEquals(elsewhere.includes(1999), true);
  assertEquals(new Set([...held, ...elsewhere]).size, 2000);
  silent.close();
});

/** The numbers of the entries that wait in a socket. */
async function readHeld(
  socket: Deno.DatagramConn,
  { path, own }: { path: string; own: string },
): Promise<number[]> {
  const last = Deno.listenDatagram({ transport: "unixpacket", path: own });
  const sent = last.send(new TextEncoder().encode("last"), { transport: "unixpacket", path });
  const numbers: number[] = [];
  for (;;) {
    const text = new TextDecoder().decode((await socket.receive())[0]);
    if (text === "last") break;
    numbers.push(Number(/^MESSAGE=line (\d+)\n$/.exec(text)![1]));
  }
  await sent;
  last.close();
  return numbers;
}
