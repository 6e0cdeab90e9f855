/** What the server tells of itself before anybody has given a name. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { connectCommand, hostForVisitor, wayInOf } from "../../lib/web/ways_in.ts";
import { WebScene } from "../support/web_scene.ts";

const WAYS = [
  wayInOf("chat", "ssh", "ssh://0.0.0.0:2222"),
  wayInOf("chat", "telnet", "telnet://127.0.0.1:2323"),
  wayInOf("irc", "tls", "tls://[::]:6697"),
  wayInOf("logger", "tcp", "tcp://127.0.0.1:1514"),
  wayInOf("chat", "unix", "unix:///run/chat"),
];

Deno.test("GET /about tells what the server is, who is here, and how else to enter", async () => {
  const facts = { description: 'Talk of "Example" <b>', waysIn: WAYS };
  await using scene = new WebScene({ facts });
  const about = async () => (await scene.json("/about")).body;
  const commands = [
    "ssh -p 2222 127.0.0.1",
    "telnet 127.0.0.1 2323",
    "irssi --tls -c 127.0.0.1 -p 6697",
  ];
  const { description } = facts;
  const nobody = { description, access: "open", hasPassword: false, commands };
  assertEquals(await about(), { ...nobody, count: 0, names: [] });

  await scene.enter("ann");
  await scene.addAccount("eva");
  const eva = await scene.open();
  eva.send({ type: "hello", name: "eva", password: "correct horse", rooms: [{ room: "den" }] });
  await eva.next("live");
  eva.send({ type: "command", room: "den", line: "/room register" });
  eva.send({ type: "command", room: "den", line: "/room private on" });
  for (let done = 0; done < 2; done++) await eva.next("done");
  // People who are only in a private room are counted and not named.
  assertEquals(await about(), { ...nobody, count: 2, names: ["ann"] });

  for (let number = 1; number <= 10; number++) await scene.enter(`guest${number}`);
  const { count, names } = await about();
  assertEquals(count, 12);
  assertEquals(names.length, 8);
});

Deno.test("GET /about names nobody where not everybody may enter", async () => {
  for (const options of [{ isClosed: true }, { serverPassword: "correct horse" }]) {
    await using scene = new WebScene(options);
    await scene.addAccount("ann");
    const ann = await scene.open();
    const { serverPassword } = options;
    ann.send({ type: "hello", name: "ann", password: "correct horse", serverPassword });
    await ann.next("live");
    const { status, body } = await scene.json("/about");
    assertEquals(status, 200);
    assertEquals([body.count, body.names], [undefined, undefined]);
    assertEquals(body.access, options.isClosed ? "accounts" : "open");
    assertEquals(body.hasPassword, serverPassword !== undefined);
  }
});

Deno.test("The page carries the description as text, also for link previews", async () => {
  const facts = { description: 'A "quoted" <script> & more', waysIn: [] };
  await using scene = new WebScene({ facts });
  for (const path of ["/", "/rooms/ops"]) {
    const html = await (await scene.fetch(path)).text();
    assert(!html.includes("<script>"), html);
    assertMatch(
      html,
      /name="description" content="A &#34;quoted&#34; &#60;script&#62; &#38; more"/,
    );
  }
});

Deno.test("hostForVisitor() leaves out doors that the visitor cannot reach", () => {
  const local = wayInOf("chat", "tcp", "tcp://[::1]:2324");
  assertEquals(hostForVisitor(local, "chat.example.org"), undefined);
  assertEquals(hostForVisitor(local, "localhost"), "::1");
  const open = wayInOf("chat", "tcp", "tcp://[::]:80");
  assertEquals(connectCommand(open, hostForVisitor(open, "[2001:db8::1]")!), "nc 2001:db8::1 80");
  const bound = wayInOf("chat", "ssh", "ssh://192.0.2.1:2222");
  assertEquals(hostForVisitor(bound, "chat.example.org"), "192.0.2.1");
});
