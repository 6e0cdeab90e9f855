/**
 * A session channel from its opening to the request that gives it a purpose (RFC 4254 section 6): a
 * shell, or a command. What else a peer may ask for is refused.
 *
 * @module
 */

import type { RemoteTerminal, TerminalSize } from "../connection.ts";
import { type ChannelOwner, endChannel, SshChannel } from "./ssh_channel.ts";
// @ts-types="./ssh2.d.ts"
import type { Channel, LibrarySession } from "ssh2";

/** The smallest packets that a peer may insist on; RFC 4253 section 6.1 demands 32 KiB. */
const LEAST_PACKET_BYTES = 1024;
/** What people send to stop a command. */
const STOP_SIGNALS: ReadonlySet<string> = new Set(["INT", "TERM", "HUP", "QUIT", "KILL"]);

const encoder = new TextEncoder();

export interface ChannelRequests {
  readonly owner: ChannelOwner;
  readonly onChannel: (channel: SshChannel) => void;
  /** Called for a peer that is against the protocol. */
  readonly onExcess: () => void;
}

type Reply = (() => void) | undefined;
type Accept = (() => Channel | undefined) | undefined;

class Terminal implements RemoteTerminal {
  onResize: (() => void) | undefined;

  constructor(readonly type: string, public size: TerminalSize) {}
}

/** Listens to the requests of a session. */
export function openSession(
  session: LibrarySession,
  { owner, onChannel, onExcess }: ChannelRequests,
) {
  // The library would never come to the end of a write with packets of 0 bytes.
  if (session._chanInfo.outgoing.packetSize < LEAST_PACKET_BYTES) return onExcess();
  const stopping = new AbortController();
  let terminal: Terminal | undefined;

  const begin = (channel: Channel | undefined, command?: string) => {
    // The session has its purpose already.
    if (!channel) return;
    onChannel(new SshChannel({ owner, channel, terminal, command, stopping }));
  };
  session.on("pty", (accept: Reply, _reject: Reply, { term, cols, rows }: PtyRequest) => {
    terminal = new Terminal(term ?? "", { columns: cols, rows });
    accept?.();
  });
  session.on("window-change", (accept: Reply, _reject: Reply, { cols, rows }: PtyRequest) => {
    if (terminal) {
      terminal.size = { columns: cols, rows };
      terminal.onResize?.();
    }
    accept?.();
  });
  session.on("signal", (accept: Reply, _reject: Reply, { name }: { name: string }) => {
    if (STOP_SIGNALS.has(name)) stopping.abort();
    accept?.();
  });
  session.on("shell", (accept: Accept) => begin(accept?.()));
  session.on("exec", (accept: Accept, _reject: Reply, { command }: { command: string }) => {
    begin(accept?.(), command);
  });
  session.on("subsystem", (accept: Accept, _reject: Reply, { name }: { name: string }) => {
    refuseSubsystem(accept?.(), name);
  });
}

interface PtyRequest {
  readonly term?: string;
  readonly cols: number;
  readonly rows: number;
}

/** People who try `sftp` read why nothing comes of it. */
function refuseSubsystem(channel: Channel | undefined, name: string): void {
  if (!channel) return;
  channel.on("error", () => {});
  channel.stderr.on("error", () => {});
  const what = /^[\w.@-]{1,32}$/.test(name) ? ` ${name}` : "";
  channel.stderr.write(
    encoder.encode(`! There is no${what} here, only a chat and its commands.\n`),
  );
  endChannel(channel, 1);
  channel.resume();
}
