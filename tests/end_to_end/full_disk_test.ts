/** A log that cannot be written: nothing unsaved is shown, and nothing is lost. */

import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { runToEnd, ServerProcess } from "../support/server_process.ts";
import { canMount, SmallDisk } from "../support/small_disk.ts";
import { findHole, readStoredEvents } from "../support/stored_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const REFUSAL = "! Your last line could not be stored, so nobody has seen it. " +
  "The server's disk may be full; try again later.\r\n";

const ignore = !await canMount();

Deno.test({
  name: "Messages are refused while the disk is full, and chat resumes once there is space",
  ignore,
  async fn() {
    await using disk = (await SmallDisk.mount())!;
    const data = `${disk.path}/data`;
    const options = { data, args: ["--flood-rate", "0"] };
    {
      await using server = await ServerProcess.start(options);
      const ann = await LineClient.enter(server.port, "ann");
      const bob = await LineClient.enter(server.port, "bob");
      await ann.expect("* bob joined\r\n");
      for (const round of [1, 2, 3]) {
        await disk.fill();
        await ann.send(`unsaved ${round}`);
        await ann.expect(REFUSAL);
        await bob.send("/topic unsaved");
        await bob.expect(REFUSAL);
        await ann.send(...new Array(300).fill(`unsaved ${"x".repeat(2000)}`));
        for (let refused = 0; refused < 300;) {
          const refusal = await ann.expect(/! Your last (line|\d+ lines) could not be .*\r\n/);
          refused += Number(/\d+/.exec(refusal)?.[0] ?? 1);
        }
        // New members can join meanwhile, and see the history.
        const carol = await LineClient.enter(server.port, "carol");
        if (round > 1) assertMatch(carol.transcript, new RegExp(`<bob> answer ${round - 1}\r\n`));
        await carol.send("/quit");
        await carol.expectEnd();
        await carol.close();

        await disk.makeSpace();
        await ann.send(`saved ${round}`);
        await bob.expect(`<ann> saved ${round}\r\n`);
        await bob.send(`answer ${round}`);
        await ann.expect(`<bob> answer ${round}\r\n`);
      }
      for (const client of [ann, bob]) {
        assertNotMatch(client.transcript, /> unsaved|topic: unsaved/);
        await client.close();
      }
      await server.expectStderr(/(?: info .*log is writable again[^]*){3}/);
      assertEquals(server.stderr.match(/^\S+ error /gm)?.length, 3, server.stderr);
      assertEquals(server.stderr.match(/ info .*log is writable again/g)?.length, 3);
      assertNotMatch(server.stderr, /^\s+at /m);
      await disk.fill();
      await server.kill();
    }
    {
      // It starts anyway, and shows the history.
      await using server = await ServerProcess.start(options);
      const ann = await LineClient.enter(server.port, "ann");
      await ann.send("/history 1", "unsaved");
      await ann.expect(/#\d+ \S+ \S+ <bob> answer 3\r\n/);
      await ann.expect(REFUSAL);
      await ann.close();
      assertEquals((await server.stop()).code, 0);
    }
    await disk.makeSpace();
    await (await ServerProcess.start(options)).stop();
    const events = readStoredEvents(data);
    assertEquals(findHole(events), undefined);
    assertEquals(
      events.filter(({ kind }) => kind !== "join" && kind !== "part").map(({ body }) => body),
      [1, 2, 3].flatMap((round) => [`saved ${round}`, `answer ${round}`]),
    );
  },
});

Deno.test({
  name: "Log lines are refused while the disk is full; a gap counts them, the receipt does not",
  ignore,
  async fn() {
    await using disk = (await SmallDisk.mount())!;
    const data = `${disk.path}/data`;
    const args = ["--listen", "logger=tcp://127.0.0.1:0"];
    await using server = await ServerProcess.start({ data, args });
    const pipe = await LineClient.connect(server.port);
    await pipe.send("@build", "one", "two", "@receipt");
    await pipe.expect(/^stored 2 lines as #1-#2 in log .*\r\n/);
    await disk.fill();
    await pipe.send(...Array.from({ length: 500 }, () => `unsaved ${"x".repeat(2000)}`));
    await pipe.expect("! Lines could not be stored; the server's disk may be full. ");
    await pipe.send("@receipt");
    await pipe.expect("stored 2 lines as #1-#2 in log");
    await pipe.expect("! 500 lines could not be stored and are not counted. Send them again.\r\n");

    const exact = await LineClient.connect(server.port);
    await exact.send("@exact", "@ack 1", `unsaved ${"x".repeat(5000)}`);
    assertMatch(await exact.expectEnd(), /Send again what was not acknowledged\.\r\n$/);
    await exact.close();

    await disk.makeSpace();
    await pipe.send("three");
    await pipe.end();
    assertMatch(await pipe.expectEnd(), /stored 3 lines as #1-#3 in log/);
    await pipe.close();
    await server.stop();
    assertEquals(readStoredEvents(data).map(({ kind, body }) => `${kind}: ${body}`), [
      "log: one",
      "log: two",
      "log: three",
      "gap: 500 lines from build could not be stored, and were lost",
      "gap: 1 line from exact could not be stored, and was lost",
    ]);
  },
});

Deno.test({
  name: "serve refuses a data directory on a read-only disk",
  ignore,
  async fn() {
    await using disk = (await SmallDisk.mount())!;
    await disk.makeReadOnly();
    const data = `${disk.path}/data`;
    const { code, stderr } = await runToEnd(["serve", "--data", data]);
    assertEquals(code, 1);
    assertEquals(
      stderr,
      `Cannot write to the data directory ${data}: read-only file system. ` +
        "Choose another with --data DIR.\n",
    );
  },
});

Deno.test("A log that may not grow refuses messages, and has no hole after a restart", async () => {
  using data = new TemporaryDirectory();
  const args = ["--flood-rate", "0"];
  const saved: string[] = [];
  {
    // 512 blocks of 512 bytes. The signal that comes with the limit would end the program.
    const prelude = "trap '' XFSZ; ulimit -f 512";
    await using server = await ServerProcess.start({ data: data.path, args, prelude });
    const ann = await LineClient.enter(server.port, "ann");
    const bob = await LineClient.enter(server.port, "bob");
    await ann.expect("* bob joined\r\n");
    await ann.send("/set echo on");
    await ann.expect(/echo is on.*\r\n/);
    for (let number = 1;; number++) {
      await ann.send(`said ${number}`);
      if ((await ann.expect(/.*\r\n/)).startsWith("!")) break;
      await bob.expect(`<ann> said ${number}\r\n`);
      saved.push(`said ${number}`);
    }
    await bob.send("/msg ann still here");
    await ann.expect("bob -> you: still here\r\n");
    assertNotMatch(bob.received, /said/);
    await Promise.all([ann.close(), bob.close()]);
    await server.expectStderr(/ error sequencer: Cannot write to the log/);
  }
  await using server = await ServerProcess.start({ data: data.path, args });
  const ann = await LineClient.enter(server.port, "ann");
  await ann.send("/set echo on", "after");
  await ann.expect("<ann> after\r\n");
  await ann.close();
  const events = readStoredEvents(data.path);
  assertEquals(findHole(events), undefined);
  assertEquals(
    events.filter(({ kind }) => kind === "message").map(({ body }) => body),
    [...saved, "after"],
  );
});
