/**
 * `make 2>&1 | ssh host log ROOM`: sends the lines of standard input to a room, with a receipt.
 *
 * @module
 */

import { clockOfZone } from "../../codec/time_zone.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { parseRoomName, toSourceName } from "../../domain/name.ts";
import { countText } from "../../domain/wording.ts";
import { nowCalled } from "../../service/chat/rooms/room_lists.ts";
import type { Control } from "../../service/logger/controls.ts";
import { LogConnection } from "../../service/logger/log_connection.ts";
import type { SendingPlace } from "../../service/logger/sender_progress.ts";
import { onlyArgument } from "../options/flags.ts";
import type { ExecCall, ExecCommand } from "./exec_command.ts";
import { ExecLogPeer } from "./exec_log_peer.ts";
import {
  charsetOf,
  LOG_OPTIONS,
  logOptionsIn,
  logReadingOf,
  MAX_LOG_LINE_BYTES,
  type SendingOptions,
} from "./log_options.ts";

export const logExec: ExecCommand = {
  name: "log",
  summary: "send standard input to a room, line by line, with a receipt",
  usage: "log ROOM [OPTIONS]",
  options: LOG_OPTIONS,
  details: [
    "  make 2>&1 | ssh HOST log build",
    "prints a receipt when the input ends, and exits with 0 only if every line is",
    'stored. With --ack N, count N lines for each line "ack" that you get; if the',
    "connection breaks, send the same lines again with --from and that count.",
    "Nothing is then lost or stored twice.",
  ],

  async run(args, call) {
    const room = parseRoomName(onlyArgument(args, "log", "room"));
    const options = logOptionsIn(args);
    const { chat, asker, sees, clock, senders, environment } = call;
    // Also by their own name; the source that they choose is checked with every line.
    chat.access.require(asker, room, "log");
    const current = sees.currentName(room);
    if (current !== room) {
      environment.stderr(`${nowCalled(room, current)} The lines are stored in #${room}.`);
    }
    const source = toSourceName(options.source.value ?? asker.nickname);
    const place = { account: asker.account ?? "", room, source };
    const start = await startOf(call, place, options);
    const peer = new ExecLogPeer({
      ...call,
      address: asker.account === undefined ? call.session.address : `account ${asker.account}`,
      skippedLines: start.lines,
    });
    const connection = new LogConnection(peer, {
      ...logReadingOf(options),
      registry: chat.registry,
      log: sees,
      clock,
      senders,
      access: chat.access,
      tokens: chat.tokens,
      needsToken: false,
      account: asker,
      requests: requestsOf(source, options, start),
      noteAcknowledged: ({ lines, seq }) =>
        call.progress.note(place, { lines: start.lines + lines, seq }),
      hasControls: false,
      charset: charsetOf(options),
      room,
      toEpoch: options.zone.value === undefined ? undefined : clockOfZone(options.zone.value),
      firstOrigin: chat.firstOrigin,
    });
    await connection.serve();
    return statusOf(call, peer, connection);
  },
};

/** Where a sender begins. */
interface Start {
  /** Lines that are stored already. */
  readonly lines: number;
  /** `seq` of the last of them; `undefined` for a new sender. */
  readonly seq?: number;
}

/** Looks up where a sender goes on. @throws {DomainError} if it counts more than it was told. */
async function startOf(
  call: ExecCall,
  place: SendingPlace,
  { from, ack }: SendingOptions,
): Promise<Start> {
  if (ack.value === undefined) return { lines: 0 };
  const known = from.value === undefined ? undefined : await call.progress.find(place);
  const lines = known?.lines ?? 0;
  if (lines < (from.value ?? 0)) {
    throw new DomainError(
      "no-such-event",
      known
        ? `Only ${countText(lines, "line")} of ${place.source} in #${place.room} are known to be ` +
          `acknowledged. Use --from ${lines}.`
        : `No acknowledged lines of ${place.source} in #${place.room} are known. ` +
          "Use the same room and --source as before, or send all lines without --from.",
    );
  }
  if (known) return known;
  // Noted before the first line, which may be stored and never acknowledged.
  await call.chat.registry.settled();
  const seq = (await call.sees.room(place.room))?.lastSeq ?? 0;
  await call.progress.note(place, { lines: 0, seq });
  return { lines: 0 };
}

/** What other senders ask for in lines before their first. */
function requestsOf(source: string, { ack }: SendingOptions, { seq }: Start): Control[] {
  const requests: Control[] = [{ kind: "name", name: source }];
  if (ack.value !== undefined) requests.push({ kind: "ack", lines: ack.value });
  if (seq !== undefined) requests.push({ kind: "resume", seq });
  return requests;
}

/** Says what is not as it was sent; only complete lines make a success. */
function statusOf(
  { environment }: ExecCall,
  { missingLines }: ExecLogPeer,
  { isComplete, losses }: LogConnection,
): number {
  const [cut = 0, repaired = 0] = [losses.get("cut"), losses.get("repaired")];
  if (cut > 0) {
    environment.stderr(
      `! ${countText(cut, "line")} had more than ${MAX_LOG_LINE_BYTES} bytes: cut.`,
    );
  }
  if (repaired > 0) {
    environment.stderr(`! ${countText(repaired, "line")} had bytes that are not UTF-8: replaced.`);
  }
  if (missingLines > 0) {
    environment.stderr(
      `! The input ended ${countText(missingLines, "line")} before the end of what is stored.`,
    );
  }
  return isComplete && cut === 0 && missingLines === 0 ? 0 : 1;
}
