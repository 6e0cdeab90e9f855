/**
 * Records docs/telnet.svg: two people with `telnet` and a log pipe in one room, with real programs
 * on a real server: `deno task recording [FILE]`.
 */

import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { Actor, pause } from "./actor.ts";
import { film, type Frame } from "./film.ts";

const FILE = Deno.args[0] ?? new URL("../../docs/telnet.svg", import.meta.url).pathname;
const TICK_MS = 60;
const HOLD_MS = 5000;

using directory = new TemporaryDirectory();
await using server = await ServerProcess.start({
  args: [
    ...["--listen", "chat=telnet://127.0.0.1:0", "--listen", "logger=tcp://127.0.0.1:0?room=ops"],
    "--no-web",
  ],
});
const [telnetPort, logPort] = server.ports;
const telnet = ["telnet", "127.0.0.1", `${telnetPort}`] as const;
const where = "telnet example.org 2323";

await using ann = await Actor.enter(
  { title: `ann: ${where}`, columns: 62, rows: 16, x: 1, y: 0 },
  telnet,
);
await using jack = await Actor.enter(
  { title: `jack: ${where}`, columns: 62, rows: 16, x: 67, y: 0 },
  telnet,
);
await using shell = await Actor.enter(
  { title: "a build server", columns: 128, rows: 4, x: 1, y: 18.9 },
  ["bash", "--norc", "--noprofile"],
);
const actors = [ann, jack, shell];

// The output of a build.
await Deno.writeTextFile(
  `${directory.path}/build`,
  `#!/bin/sh
say() { echo "$1"; sleep "\${2:-0.4}"; }
say "cc -O2 -c outbox.c"; say "cc -O2 -c room.c"
say "room.c:118: warning: unused variable 'crowd'" 0.7
say "cc -O2 -c telnet.c"; say "running 1200 tests" 0.8
for n in $(seq 1 1200); do echo "test $n ok"; done; sleep 1.8
say "all tests passed"
`,
  { mode: 0o755 },
);

await shell.put(`cd ${directory.path}; PS1='$ '; PARTYLINE='127.0.0.1 ${logPort}'; clear\r`);
for (const [actor, name] of [[ann, "ann"], [jack, "jack"]] as const) {
  await actor.expect("What is your name?");
  await actor.put(`${name}\r`);
  await actor.expect("You are in #lobby");
  await actor.put("/join ops\r");
  await actor.expect("You are in #ops");
  await actor.put("/leave lobby\r");
}
await ann.put("/topic release 4.3\r");
await jack.expect("set the topic");
await pause(300);
for (const actor of [ann, jack]) await actor.put("\x0c");
await pause(300);
for (const actor of actors) await actor.forget();
for (const actor of [ann, jack]) await actor.put("\x0c");
await shell.put("\x0c");
await pause(300);

const frames: Frame[] = [];
const start = performance.now();
const camera = setInterval(() => {
  const views = actors.map(({ view }) => view);
  const isNew = JSON.stringify(frames.at(-1)?.views) !== JSON.stringify(views);
  if (isNew) frames.push({ at: Math.round(performance.now() - start), views });
}, TICK_MS);

await pause(1000);
await jack.type("morning! do we release today?\r");
await pause(700);
const building = shell.type("(echo @build; ./build 2>&1) | nc -N $PARTYLINE\r");
await ann.type("yes, as soon as the build is through. ");
await building;
await ann.type("It has just begun, you can watch ");
await pause(500);
await ann.type("it here while I type.\r");
await pause(600);
await jack.type("wait, ther is a warning");
for (let left = 0; left < 13; left++) await jack.put("\x1b[D");
await pause(250);
await jack.type("e");
await pause(500);
await jack.type("\r");
await ann.type("ja\t");
await pause(300);
await ann.type("seen it 🙈 nobody uses the crowd\r");
await pause(2200);
await jack.type("/sea\twarning\r");
await pause(1500);
await ann.type("/me fixes it\r");
await pause(500);
clearInterval(camera);

await Deno.mkdir(new URL(".", `file://${FILE}`), { recursive: true });
await Deno.writeTextFile(FILE, film(actors.map(({ window }) => window), frames, HOLD_MS));
console.log(`${FILE}: ${frames.length} frames in ${frames.at(-1)!.at} ms`);
