import { AccessControl } from "../../lib/domain/access/access_control.ts";
import { Accounts } from "../../lib/domain/access/accounts/accounts.ts";
import { Tokens } from "../../lib/domain/access/accounts/tokens.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { LocalSequencer } from "../../lib/backplane/local.ts";
import { parseListen } from "../../lib/cli/endpoints/listen.ts";
import { UsageError } from "../../lib/cli/options/usage_error.ts";
import { RoomRegistry } from "../../lib/domain/rooms/room_registry.ts";
import { openChatContext } from "../../lib/service/chat/chat_context.ts";
import { SERVICES } from "../../lib/service/mod.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { TrialLog } from "../support/trial_log.ts";
import { LineScene } from "./line_scene.ts";

function listen(binding: string) {
  return parseListen({ value: [binding], origin: { label: "--listen" } }, SERVICES);
}

Deno.test("SERVICES has a logger with a room and every framing, for datagrams too", () => {
  for (const framing of ["auto", "line", "octet", "raw", "syslog"]) {
    for (const scheme of ["tcp", "udp"]) {
      const [{ endpoint }] = listen(`logger=${scheme}://h:1?framing=${framing}&room=%23Ops`);
      assertEquals([...endpoint.options], [["framing", framing], ["room", "#Ops"]]);
    }
  }
});

Deno.test("SERVICES has a logger that explains an invalid room or framing", () => {
  const complaint = (binding: string) => assertThrows(() => listen(binding), UsageError).message;
  assertEquals(
    complaint("logger=tcp://h:1?room=a+b"),
    'Cannot parse --listen "logger=tcp://h:1?room=a+b": room is "a b"; ' +
      "use a room's name, such as room=build",
  );
  assertEquals(
    complaint("logger=tcp://h:1?framing=lines"),
    'Cannot parse --listen "logger=tcp://h:1?framing=lines": framing is "lines"; ' +
      "use auto, line, octet, raw or syslog; did you mean line?",
  );
});

Deno.test("SERVICES has a logger with a time zone and an encoding, and explains invalid ones", () => {
  const [{ endpoint }] = listen("logger=udp://h:1?zone=Europe/Berlin,charset=gbk");
  assertEquals([...endpoint.options], [["zone", "Europe/Berlin"], ["charset", "gbk"]]);
  const complaint = (binding: string) => assertThrows(() => listen(binding), UsageError).message;
  assertEquals(
    complaint("logger=tcp://h:1?zone=Berlin"),
    'Cannot parse --listen "logger=tcp://h:1?zone=Berlin": zone is "Berlin"; ' +
      "use a time zone, such as zone=Europe/Berlin",
  );
  assertEquals(
    complaint("logger=tcp://h:1?charset=utf-16"),
    'Cannot parse --listen "logger=tcp://h:1?charset=utf-16": charset is "utf-16"; ' +
      "use an encoding that contains ASCII, such as charset=gbk or charset=latin1",
  );
});

Deno.test("SERVICES has a logger that can demand tokens, where one can be sent", () => {
  for (const binding of ["tcp://h:1?token=required", "unix:///s?token=required&framing=line"]) {
    assertEquals(listen(`logger=${binding}`)[0].endpoint.options.get("token"), "required");
  }
  assertEquals(listen("logger=udp://h:1?token=optional").length, 1);
  const complaint = (endpoint: string) =>
    assertThrows(() => listen(`logger=${endpoint}`), UsageError).message.split(": ").at(-1);
  const datagrams = 'token is "required"; datagrams carry no token; use tcp, tls or unix';
  assertEquals(complaint("udp://h:1?token=required"), datagrams);
  assertEquals(complaint("unixgram:///s?token=required"), datagrams);
  for (const framing of ["octet", "syslog", "raw"]) {
    assertEquals(
      complaint(`tcp://h:1?token=required,framing=${framing}`),
      `token is "required"; no line with a token can be sent with framing=${framing}; ` +
        "use framing=auto or line",
    );
  }
  assertEquals(
    complaint("tcp://h:1?token=require"),
    'token is "require"; use optional or required; did you mean required?',
  );
});

Deno.test("SERVICES has a logger whose connections share their numbers with those of people", async () => {
  const clock = new FakeClock();
  const log = new TrialLog(clock);
  const access = new AccessControl({ clock });
  const registry = new RoomRegistry({ log, sequencer: new LocalSequencer(log, clock), access });
  const state = new MemoryStateStore();
  const accounts = Accounts.empty({ state, clock });
  const tokens = new Tokens({ state, accounts, clock });
  const parts = { registry, log, access, accounts, tokens, state, clock };
  const chat = openChatContext({ ...parts, reservedNames: [] });
  // Created a moment later, so that a start of its own would collide with the numbers of people.
  await clock.advance(1);
  const logger = await SERVICES.find(({ name }) => name === "logger")!.create({
    chat,
    accounts: await Accounts.open({ state, clock }),
    registry,
    log,
    clock,
    nameDeadlineMs: () => 1000,
    state,
    stopping: new AbortController().signal,
  });
  await using scene = new LineScene(logger);
  await scene.exchange("one");
  await scene.exchange("two");
  const origins = (await log.read("log", 0, 10)).map(({ origin }) => origin! - chat.firstOrigin);
  assertEquals(origins, [1, 2]);
});
