/** That `packaging/fail2ban-filter.conf` finds what the server writes. */

import { assertEquals } from "@std/assert";
import { resetSync } from "@logtape/logtape";
import { configureLog, type LogOptions } from "../../lib/cli/log_output.ts";
import { LoginDelays } from "../../lib/domain/access/login/login_delays.ts";
import { log } from "../../lib/log.ts";
import { FakeClock } from "../support/fake_clock.ts";

const FILTER = new URL("../../packaging/fail2ban-filter.conf", import.meta.url);

/** The addresses that the filter finds in a line, from which fail2ban has cut the time. */
function addressesIn(line: string): string[] {
  const undated = line.replace(/(^|"@timestamp":")\d{4}-\d\d-\d\dT[\d:.]+Z/, "");
  const [, first, second] = /^failregex = (.*)\n +(.*)$/m.exec(Deno.readTextFileSync(FILTER))!;
  return [first, second].flatMap((text) => {
    const found = new RegExp(text.replace("<ADDR>", "(\\S+)")).exec(undated);
    // Only addresses count there.
    return found && /^[\d.]+$|:/.test(found[1]) ? [found[1]] : [];
  });
}

/** What is written when somebody fails to log in. */
function written(options: Partial<LogOptions>, work: () => void): string[] {
  const lines: string[] = [];
  configureLog({ format: "text", level: "info", write: (line) => lines.push(line), ...options });
  work();
  resetSync();
  return lines;
}

function fail(account: string, address?: string): void {
  using _attempt = new LoginDelays({ clock: new FakeClock() }).begin(account, address);
}

Deno.test("fail2ban's filter finds the address of a failed log-in in every format", () => {
  const journal = (line: string) => `host partyline[712]: ${line.slice("<4>".length)}`;
  for (const address of ["192.0.2.7", "2001:db8::7"]) {
    for (const account of ["ann", "", "any token"]) {
      const [text] = written({}, () => fail(account, address));
      const [json] = written({ format: "json" }, () => fail(account, address));
      const [entry] = written({ isJournal: true }, () => fail(account, address));
      const found = [text, json, journal(entry)].map(addressesIn);
      assertEquals(found, [[address], [address], [address]], text);
    }
  }
});

Deno.test("fail2ban's filter finds nothing in log-ins from this machine or that succeed, nor in other lines", () => {
  const lines = written({}, () => {
    fail("ann");
    const delays = new LoginDelays({ clock: new FakeClock() });
    using right = delays.begin("ann", "192.0.2.7");
    right.succeed();
    using unchecked = delays.begin("ann", "192.0.2.7");
    unchecked.withdraw();
    log("chat").warning("{what}", {
      what: 'warning login: Failed log-in from 192.0.2.7 to "ann"',
    });
  });
  assertEquals(lines.length, 2);
  assertEquals(lines.flatMap(addressesIn), []);
});
