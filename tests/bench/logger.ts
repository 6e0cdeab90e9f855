/**
 * `deno task bench:logger` compares the logger with `rsyslogd` (TCP in, file out, no numbers, no
 * index), in lines stored per second, in the same run and with the same senders. It also measures the
 * latency of chat under that load. Figures are medians of three rounds.
 *
 * With a letter, such as `deno task bench:logger E`, only that scenario is measured.
 *
 * On Linux, `taskset` pins the server to one core and the senders to another; "both cores" is the
 * logger beside senders that all run where the system puts them.
 *
 * @module
 */

import { START_ENV, START_FLAGS } from "../support/server_process.ts";
import type { Load, LoadResult } from "./load.ts";
import { type LoggerLoad, type LoggerLoadResult, roundUp } from "./logger_load.ts";
import { type Core, cpuSeconds, machineText, pinned, residentBytes, succeeds } from "./machine.ts";
import { linesOf, portIn } from "../support/program_output.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const ROUNDS = 3;
const LINES = 2_000_000;
/** Most lines per second of all senders while people chat. */
const STEADY_RATE = 250_000;
const STEADY_SECONDS = 12;
/** Time for the logger to warm up before the chat starts, because both share a core. */
const WARM_MS = 3000;

interface Scenario {
  readonly title: string;
  readonly senders: number;
  readonly form: LoggerLoad["form"];
  /** The format for `rsyslogd`, which is slow with anything but syslog. */
  readonly syslogForm: LoggerLoad["form"];
}

const SCENARIOS: readonly Scenario[] = [
  {
    title: "A  1 sender, plain lines of 90 bytes (rsyslogd: RFC 3164)",
    senders: 1,
    form: "plain",
    syslogForm: "rfc3164",
  },
  {
    title: "B  10 senders, plain lines of 90 bytes (rsyslogd: RFC 3164)",
    senders: 10,
    form: "plain",
    syslogForm: "rfc3164",
  },
  {
    title: "C  10 senders, RFC 5424, newlines",
    senders: 10,
    form: "rfc5424",
    syslogForm: "rfc5424",
  },
  {
    title: "D  10 senders, RFC 5424, octet-counted",
    senders: 10,
    form: "octet",
    syslogForm: "octet",
  },
];

interface Server {
  readonly process: Deno.ChildProcess;
  readonly port: number;
  readonly chatPort: number;
  readonly hasReceipts: boolean;
  /** Resolves once its file holds `lines` lines. */
  written(lines: number): Promise<void>;
  dispose(): Promise<void>;
}

interface Measured {
  readonly linesPerSecond: number;
  /** Lines per second of CPU time, which does not depend on other load on the machine. */
  readonly linesPerCpuSecond: number;
  /** Peak resident memory, in bytes. */
  readonly memory: number;
}

const here = (file: string) => new URL(file, import.meta.url).pathname;
const wanted = Deno.args[0] ?? "";
const hasRsyslog = await succeeds("rsyslogd", "-v");

console.log(await machineText());
console.log(`Medians of ${ROUNDS} runs of ${LINES.toLocaleString("en")} lines, all stored.\n`);
for (const scenario of SCENARIOS) {
  if (!scenario.title.startsWith(wanted)) continue;
  const ours: Measured[] = [];
  const onBoth: Measured[] = [];
  const theirs: Measured[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { senders, form, syslogForm } = scenario;
    ours.push(await measure(() => startPartyline(), senders, form));
    onBoth.push(await measure(() => startPartyline("log", "any"), senders, form, "any"));
    if (hasRsyslog) theirs.push(await measure(startRsyslog, senders, syslogForm));
  }
  console.log(scenario.title);
  console.log(`   partyline     ${describe(median(ours))}`);
  console.log(`    both cores   ${describe(median(onBoth))}`);
  if (hasRsyslog) console.log(`   rsyslogd      ${describe(median(theirs))}`);
}
const isChatWanted = "E".startsWith(wanted);
if (isChatWanted) {
  console.log(`E  50 people chat, 100 messages/s, while 10 senders log ${STEADY_RATE} lines/s`);
}
for (const room of isChatWanted ? ["lobby", "log"] : []) {
  const results: LoadResult[] = [];
  for (let round = 0; round < ROUNDS; round++) results.push(await measureChat(room));
  const { p50, p99 } = results.sort((a, b) => a.p99 - b.p99)[Math.floor(ROUNDS / 2)];
  const where = room === "log" ? "in the room with the log" : "in another room";
  console.log(`   ${where.padEnd(26)} p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
}

function median(results: Measured[]): Measured {
  return results.sort((a, b) => a.linesPerSecond - b.linesPerSecond)[Math.floor(ROUNDS / 2)];
}

function describe({ linesPerSecond, linesPerCpuSecond, memory }: Measured): string {
  const [rate, cpuRate] = [linesPerSecond, linesPerCpuSecond].map((n) => (n / 1e6).toFixed(2));
  const most = (memory / 2 ** 20).toFixed(0);
  return `${rate} M lines/s (${cpuRate} M per CPU second), peak ${most} MiB`;
}

async function measure(
  start: () => Promise<Server>,
  senders: number,
  form: LoggerLoad["form"],
  core: Core = 1,
): Promise<Measured> {
  const server = await start();
  const { port, hasReceipts } = server;
  const each = roundUp(LINES / senders);
  const startedAt = performance.now();
  const cpuBefore = cpuSeconds(server.process.pid);
  const result = await runLoad({ port, senders, lines: each, form, hasReceipts }, core);
  await server.written(each * senders);
  const seconds = (performance.now() - startedAt) / 1000;
  if (hasReceipts && result.stored !== each * senders) {
    throw new Error(`Lines lost: ${result.stored} of ${each * senders} were stored`);
  }
  const cpu = cpuSeconds(server.process.pid) - cpuBefore;
  const memory = residentBytes(server.process.pid, "most");
  await server.dispose();
  // The senders' own time, known only with receipts, excludes the start of their process.
  return {
    linesPerSecond: each * senders / (hasReceipts ? result.seconds : seconds),
    linesPerCpuSecond: each * senders / cpu,
    memory,
  };
}

/** Measures the latency of chat while lines are logged to `room`. */
async function measureChat(room: string): Promise<LoadResult> {
  const server = await startPartyline(room);
  const logging = runLoad({
    port: server.port,
    senders: 10,
    lines: STEADY_RATE * STEADY_SECONDS / 10,
    rate: STEADY_RATE,
    form: "plain",
    hasReceipts: true,
  });
  await pause(WARM_MS);
  const load: Load = {
    port: server.chatPort,
    clients: 50,
    senders: 5,
    rooms: 1,
    rate: 100,
    seconds: 4,
  };
  const driver = pinned(1, Deno.execPath(), [
    "run",
    "--allow-net",
    here("load.ts"),
    JSON.stringify(load),
  ]).spawn();
  const lines = linesOf(driver.stdout);
  await lines.next(); // all have entered
  const result: LoadResult = JSON.parse((await lines.next()).value!);
  const writer = driver.stdin.getWriter();
  await writer.write(new Uint8Array([10]));
  await writer.close();
  await Promise.all([driver.status, logging]);
  await server.dispose();
  return result;
}

async function runLoad(load: LoggerLoad, core: Core = 1): Promise<LoggerLoadResult> {
  const { stdout } = await pinned(core, Deno.execPath(), [
    "run",
    "--allow-net",
    here("logger_load.ts"),
    JSON.stringify(load),
  ]).spawn().output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function startPartyline(room = "log", core: Core = 0): Promise<Server> {
  const data = new TemporaryDirectory();
  const process = pinned(core, "env", [
    ...START_ENV,
    Deno.execPath(),
    "run",
    ...START_FLAGS,
    here("../../main.ts"),
    ...["serve", "--no-web", "--data", data.path],
    ...["--listen", "chat=tcp://127.0.0.1:0", "--max-per-address", "0", "--flood-rate", "0"],
    // The chatters are in the lobby, so they see lines that are logged there.
    ...["--listen", `logger=tcp://127.0.0.1:0?room=${room === "log" ? "lobby" : "log"}`],
  ]).spawn();
  const lines = linesOf(process.stdout);
  const [chatPort, port] = [portIn((await lines.next()).value), portIn((await lines.next()).value)];
  return {
    process,
    port,
    chatPort,
    hasReceipts: true,
    written: () => Promise.resolve(),
    dispose: () => end(process, data),
  };
}

async function startRsyslog(): Promise<Server> {
  const data = new TemporaryDirectory();
  await Deno.writeTextFile(
    `${data.path}/conf`,
    `global(workDirectory="${data.path}")
module(load="imtcp")
input(type="imtcp" address="127.0.0.1" port="0" listenPortFileName="${data.path}/port")
template(name="raw" type="string" string="%rawmsg%\\n")
action(type="omfile" file="${data.path}/out" template="raw")
`,
  );
  const process = pinned(0, "rsyslogd", ["-n", "-iNONE", "-f", `${data.path}/conf`]).spawn();
  while (!await exists(`${data.path}/port`)) await pause(20);
  await pause(100);
  return {
    process,
    port: Number(await Deno.readTextFile(`${data.path}/port`)),
    chatPort: 0,
    hasReceipts: false,
    written: (lines) => untilWritten(`${data.path}/out`, lines),
    dispose: () => end(process, data),
  };
}

/** All lines have the same length, so the size of the file gives their number. */
async function untilWritten(file: string, lines: number): Promise<void> {
  while (!await exists(file)) await pause(5);
  using head = await Deno.open(file);
  const buffer = new Uint8Array(4096);
  let length = 0;
  while (length <= 0) {
    const read = await head.read(buffer);
    length = buffer.subarray(0, read ?? 0).indexOf(10) + 1;
    if (length === 0) await head.seek(0, Deno.SeekMode.Start);
  }
  while ((await Deno.stat(file)).size < length * lines) await pause(5);
}

async function end(process: Deno.ChildProcess, directory: Disposable): Promise<void> {
  using _directory = directory;
  process.kill("SIGKILL");
  await process.status;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ size }) => size > 0, () => false);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
