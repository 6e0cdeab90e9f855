/** The server stops reading the past for people who have gone. */

import { assertEquals } from "@std/assert";
import { currentConnection } from "../../../lib/context.ts";
import { DomainError } from "../../../lib/domain/domain_error.ts";
import { settle } from "../../support/chat_room.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { IrcRoom } from "../../support/irc_room.ts";
import { TrialLog } from "../../support/trial_log.ts";

/** A log whose reads, once it is slow, end only when the asker has gone. */
class SlowLog extends TrialLog {
  isSlow = false;
  /** The signals of those it is read for, aborted once they have gone. */
  readonly askers: AbortSignal[] = [];

  override talk(...args: Parameters<TrialLog["talk"]>) {
    return this.wait() ?? super.talk(...args);
  }

  override countTalk(...args: Parameters<TrialLog["countTalk"]>) {
    return this.wait() ?? super.countTalk(...args);
  }

  override matches(...args: Parameters<TrialLog["matches"]>) {
    return this.wait() ?? super.matches(...args);
  }

  /** If the log is slow, rejects once the asker has gone, as `ReaderPool.run` does. */
  wait(): Promise<never> | undefined {
    if (!this.isSlow) return undefined;
    const ended = currentConnection()!.ended!;
    this.askers.push(ended);
    return new Promise((_, reject) => {
      const fail = () => reject(new DomainError("unavailable", "The connection has ended."));
      if (ended.aborted) fail();
      else ended.addEventListener("abort", fail);
    });
  }
}

/** A room in which something was said. */
async function open(log: SlowLog, clock: FakeClock): Promise<IrcRoom> {
  const room = new IrcRoom({ clock, log, search: { search: () => log.wait()! } });
  const ann = await room.enter("ann");
  ann.say("one", "two");
  await settle();
  return room;
}

/** Lets a peer ask something, and go; expects its one read to end within about a second. */
async function expectEnd(
  log: SlowLog,
  peer: { send(...lines: string[]): void; vanish(): Promise<void> },
  question: string,
  pass: (ms: number) => Promise<void>,
): Promise<void> {
  log.isSlow = true;
  peer.send(question);
  await settle();
  assertEquals(log.askers.map(({ aborted }) => aborted), [false]);
  const gone = peer.vanish();
  await settle();
  await pass(1000);
  assertEquals(log.askers.map(({ aborted }) => aborted), [true]);
  await gone;
  log.isSlow = false;
}

for (
  const question of ["/history 5", "/log lobby level=err", "/last one", "/search one", "/away"]
) {
  Deno.test(`${question} is not read any further once who asked has gone`, async () => {
    const clock = new FakeClock();
    const log = new SlowLog(clock);
    await using room = await open(log, clock);
    const jack = await room.enter("jack");
    if (question === "/away") {
      jack.say("/away");
      await settle();
      (await room.enter("bob")).say(...Array.from({ length: 30 }, () => "more"));
      await settle();
    }
    await expectEnd(log, jack, question, (ms) => room.advance(ms));
  });
}

for (const question of ["CHATHISTORY LATEST #lobby * 50", "SEARCH text=one"]) {
  Deno.test(`${question} is not read any further once who asked has gone`, async () => {
    const clock = new FakeClock();
    const log = new SlowLog(clock);
    await using room = await open(log, clock);
    const jack = await room.register("jack", "batch", "draft/chathistory");
    jack.send("JOIN #lobby");
    await jack.sync();
    await expectEnd(log, jack, question, (ms) => room.advanceIrc(ms));
  });
}
