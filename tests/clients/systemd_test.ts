/**
 * The unit of `packaging/` under a real systemd and its journal: an instance for a user, which needs
 * no booted machine, in a mount namespace of its own. Needs root and the compiled program.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { compiledProgram, runTool } from "../support/compiled_program.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const UNIT = new URL("../../packaging/partyline.service", import.meta.url).pathname;
const FILTER = new URL("../../packaging/fail2ban-filter.conf", import.meta.url).pathname;
/** What only the instance of the system can do, and what the test sets itself. */
const LEFT_OUT = [
  ...["DynamicUser", "StateDirectory", "StateDirectoryMode", "PrivateUsers"],
  ...["ExecStart", "ExecReload", "TimeoutStartSec", "WatchdogSec"],
];
const SETTINGS = new RegExp(`^(${LEFT_OUT.join("|")})=.*\\n`, "gm");

Deno.test("systemd-analyze finds no fault in the unit, and little that it could do", async () => {
  using directory = new TemporaryDirectory();
  const file = `${directory.path}/partyline.service`;
  const unit = await Deno.readTextFile(UNIT);
  await Deno.writeTextFile(file, unit.replaceAll("/usr/bin/partyline", compiledProgram()));
  assertEquals(await runTool("systemd-analyze", ["verify", "--man=no", file]), "");
  const report = await runTool("systemd-analyze", [
    "security",
    "--offline=true",
    "--no-pager",
    file,
  ]);
  const [, exposure] = /Overall exposure level for partyline\.service: ([\d.]+) OK/.exec(report)!;
  assert(Number(exposure) <= 1.3, report);
});

/** A directory that the sandbox of the unit leaves as it is. */
const PLACE = "/run/partyline-test";

/**
 * Runs a script in which `ctl` is the `systemctl` of a systemd with the unit, and `journal` is the
 * `journalctl` of what the server wrote.
 */
async function underSystemd(config: string, script: string): Promise<string> {
  using directory = new TemporaryDirectory();
  const units = `${directory.path}/config/systemd/user`;
  await Deno.mkdir(units, { recursive: true });
  await Deno.mkdir(`${directory.path}/data`);
  await Deno.copyFile(compiledProgram(), `${directory.path}/partyline`);
  await Deno.chmod(`${directory.path}/partyline`, 0o755);
  await Deno.writeTextFile(`${directory.path}/partyline.toml`, config);
  const unit = (await Deno.readTextFile(UNIT)).replace(SETTINGS, "").replace(
    "[Service]\n",
    `[Service]
ExecStart=${PLACE}/partyline serve --data ${PLACE}/data --config ${PLACE}/partyline.toml --no-web --listen chat=tcp://127.0.0.1:2324
ExecReload=${PLACE}/partyline reload --data ${PLACE}/data
ReadWritePaths=${PLACE}/data
WatchdogSec=10s
TimeoutStartSec=60s
`,
  );
  await Deno.writeTextFile(`${units}/partyline.service`, unit);
  const start = `
    set -e
    mount -t tmpfs tmpfs /run
    cp -r ${directory.path} ${PLACE}
    cd ${PLACE}
    ip link set lo up
    mkdir -p /run/systemd/system /run/user /run/xdg
    chmod 700 /run/xdg
    # What the first process of a booted machine makes for the sandboxes.
    mkdir -p -m 0 /run/systemd/inaccessible/dir
    mkfifo -m 0 /run/systemd/inaccessible/fifo
    mknod -m 0 /run/systemd/inaccessible/chr c 0 0
    install -m 0 /dev/null /run/systemd/inaccessible/reg
    mkdir -p /run/systemd/journal /run/log/journal
    /lib/systemd/systemd-journald 2> journald.log &
    journald=$!
    until [ -S /run/systemd/journal/stdout ]; do sleep 0.1; done
    journal() {
      journalctl --sync
      journalctl -D /run/log/journal -t partyline -o cat --no-pager "$@"
    }
    export XDG_RUNTIME_DIR=/run/xdg XDG_CONFIG_HOME=${PLACE}/config
    /lib/systemd/systemd --user > systemd.log 2>&1 &
    manager=$!
    trap 'ctl stop partyline; kill $manager $journald' EXIT
    ctl() { systemctl --user --no-pager "$@"; }
    until ctl is-system-running > /dev/null 2>&1; do sleep 0.1; done
    start() { ctl start partyline || { ctl status partyline; journal; cat systemd.log; exit 1; }; }
    show() { ctl show partyline -p "$1" --value; }
    # until_matches PATTERN COMMAND...
    until_matches() {
      pattern=$1
      shift
      until "$@" | grep -q "$pattern"; do sleep 0.1; done
    }
    ${script}
    ctl stop partyline
    echo "stopped: $(show Result) $(show ExecMainStatus)"
    journal >&2`;
  return await runTool("timeout", ["200", "unshare", "--mount", "--net", "sh", "-c", start]);
}

Deno.test("Under systemd, the hardened server starts, reloads, shows faults and stops", async () => {
  const output = await underSystemd(
    "max-per-address = 5\n",
    `
      start
      echo "started: $(show ActiveState) $(show StatusText)"
      echo jack | nc -N 127.0.0.1 2324
      echo 'max-per-address = 6' > partyline.toml
      ctl reload partyline
      echo 'max-per-adress = 6' > partyline.toml
      ctl reload partyline || echo "reload failed with $?"
      echo "refused: $(show ActiveState) $(show StatusText)"
      journal
    `,
  );
  assertStringIncludes(output, "started: active 0 connections\n");
  assertStringIncludes(output, "* You are in #lobby.");
  assertStringIncludes(output, "reload failed with 1\n");
  assertMatch(
    output,
    /^refused: active \d connections?\. Not reloaded: \S+:1: unknown key "max-per-adress"/m,
  );
  assertMatch(output, /info cli: Reloaded the configuration: max-per-address$/m);
  assertMatch(output, /^stopped: success 0$/m);
});

Deno.test("In the journal, what the server says is found by its fields, and by fail2ban", async () => {
  const output = await underSystemd(
    'log-level = "debug"\n',
    `
      echo tea at five | ./partyline account add ann --data data 2> added
      start
      printf 'ann\\nwrong\\n' | nc -N 127.0.0.1 2324
      until_matches Failed journal
      echo "of the unit: $(journal -u partyline -p warning)"
      echo "by field: $(journal PARTYLINE_ADDRESS=127.0.0.1 PARTYLINE_PART=login)"
      echo "of others: $(journal PARTYLINE_ADDRESS=127.0.0.2)"
      echo "banned: $(
        fail2ban-regex --out ip 'systemd-journal[journalpath=/run/log/journal]' ${FILTER}
      )"
    `,
  );
  const line = 'warning login: Failed log-in from 127.0.0.1 to "ann" connection=1';
  assertStringIncludes(output, `of the unit: ${line}`);
  assertStringIncludes(output, `by field: ${line}`);
  assertStringIncludes(output, "of others: \nbanned: 127.0.0.1\n");
});

Deno.test("systemd restarts a server that hangs, and one that is killed", async () => {
  const output = await underSystemd(
    "",
    `
      start
      first=$(show MainPID)
      kill -STOP $first
      until [ "$(show NRestarts)" = 1 ]; do sleep 0.1; done
      until_matches '^active' show ActiveState
      kill -KILL $(show MainPID)
      until [ "$(show NRestarts)" = 2 ]; do sleep 0.1; done
      until_matches '^active' show ActiveState
      echo jill | nc -N 127.0.0.1 2324
    `,
  );
  assertStringIncludes(output, "* You are jill.");
  assertMatch(output, /^stopped: success 0$/m);
});
