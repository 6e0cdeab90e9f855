/**
 * What greedy SSH clients do.
 *
 * @module
 */

import { SshClient } from "../ssh_peer.ts";
import { bytesOf, connect, type Doors, flood, pause, tally, trickle, writeAll } from "./pouring.ts";

export const SSH_ATTACKS = {
  "SSH: half an identification": trickle("sshPort", "SSH-2.0-"),
  "SSH: half of a first packet": trickle("sshPort", "SSH-2.0-x\r\n\0\0\x03\xfc\x04\x14"),
  "SSH: half-open": {
    peers: 1000,
    async ask({ sshPort }: Doors) {
      const connection = await connect(sshPort);
      await writeAll(connection, bytesOf("SSH-2.0-x\r\n"));
      const buffer = new Uint8Array(4096);
      while (await connection.read(buffer) !== null) tally.answers++;
    },
  },
  "SSH: 200 log-ins a second": {
    peers: 100,
    async ask({ sshPort }: Doors, peer: number) {
      await pause(5 * peer);
      for (;;) {
        const due = pause(500);
        const client = await SshClient.connect(sshPort, { username: `ssh${peer}` });
        tally.answers++;
        await client.close();
        await due;
      }
    },
  },
  "SSH: log-ins without pause": logged(20, async (client) => await client.close()),
  "SSH: commands without pause": commands("rooms"),
  "SSH: history without pause": commands("history big 500"),
  "SSH: search without pause": commands("search sixty -zzz"),
  "SSH: filtered tail without pause": commands("tail -n 200 --level crit big"),
  "SSH: who without pause": commands("who"),
  "SSH: say without pause": commands("say lobby hello"),
  "SSH: export without pause": commands("export --room big"),
  "SSH: channels opened and closed": held(20, async (client) => {
    const peer = await client.open({});
    peer.vanish();
    peer.stream.resume();
    await peer.status;
  }),
  "SSH: windows that never open": held(20, async (client) => {
    await client.open({ command: "export --room big" });
    await pause(100_000);
  }),
  "SSH: new keys without pause": held(20, async (client) => await client.rekey()),
  "SSH: window sizes": held(20, async (client) => {
    const peer = await client.open({ terminal: { rows: 24, cols: 80 } });
    peer.stream.resume();
    for (let count = 0;; count++) {
      for (let rows = 1; rows < 500; rows++) peer.stream.setWindow(rows, 80 + count % 9, 0, 0);
      tally.answers++;
      await pause(1);
    }
  }),
  "SSH: environment and signals": held(20, async (client) => {
    const peer = await client.open({ command: "tail lobby" });
    peer.stream.resume();
    for (;;) {
      for (let count = 0; count < 500; count++) peer.stream.signal("INT");
      tally.answers++;
      await pause(1);
    }
  }),
  "SSH: garbage": flood(50, "sshPort", "\xff\x00\x13".repeat(10_000), "SSH-2.0-x\r\n"),
  "SSH: no identification": flood(50, "sshPort", "x\r\n".repeat(10_000)),
};

/** Clients that log in again and again. */
function logged(peers: number, act: (client: SshClient) => Promise<void>) {
  return {
    peers,
    async ask({ sshPort }: Doors, peer: number) {
      for (;;) {
        await act(await SshClient.connect(sshPort, { username: `ssh${peer}` }));
        tally.answers++;
      }
    },
  };
}

/** Clients that run a command and read all of its output, over and over. */
function commands(command: string) {
  return held(20, async (client) => {
    const peer = await client.open({ command });
    while (await peer.take() !== undefined);
  });
}

/** Clients that stay logged in. */
function held(peers: number, act: (client: SshClient) => Promise<void>) {
  return {
    peers,
    async ask({ sshPort }: Doors, peer: number) {
      const client = await SshClient.connect(sshPort, { username: `ssh${peer}` });
      for (;;) {
        await act(client);
        tally.answers++;
      }
    },
  };
}
