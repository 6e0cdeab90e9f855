/**
 * Tries to log in with wrong passwords fifty times a second, over line chat, IRC and WebSocket in
 * turn. Each attempt has its own connection, and on request its own address: no delay applies then,
 * so the password is checked.
 *
 * It takes a JSON argument, and attacks between the lines `on` and `off` on standard input. It
 * answers each `off` with the results of the attempts, as JSON.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import { linesOf } from "../support/program_output.ts";
import { clientFrame, upgradeRequest } from "../support/raw_peer.ts";

export interface LoginAttack {
  readonly account: string;
  readonly chatPort: number;
  readonly ircPort: number;
  readonly webPort: number;
  /** Whether the attempts come from one address, or each from its own. */
  readonly isFromOne: boolean;
}

/** Number of attempts by answer. */
export interface AttackResult {
  readonly wrong: number;
  readonly refused: number;
  /** Without an answer, or with an unexpected one. */
  readonly lost: number;
}

/** Milliseconds between two attempts. */
const PAUSE_MS = 20;
const PASSWORD = "wrong password";

/** What the attempts send to each door. */
const OPENINGS: readonly { port: keyof LoginAttack; say(socket: Socket, account: string): void }[] =
  [
    {
      port: "chatPort",
      say: (socket, account) => socket.write(`/login ${account} ${PASSWORD}\r\n`),
    },
    {
      port: "ircPort",
      say(socket, account) {
        const proof = Buffer.from(`\0${account}\0${PASSWORD}`).toString("base64");
        socket.write(`CAP REQ :sasl\r\nAUTHENTICATE PLAIN\r\nAUTHENTICATE ${proof}\r\n`);
      },
    },
    {
      port: "webPort",
      say(socket, account) {
        const hello = JSON.stringify({ type: "hello", name: account, password: PASSWORD });
        const host = `127.0.0.1:${socket.remotePort}`;
        socket.write(upgradeRequest(`Origin: http://${host}\r\n`, host));
        socket.write(clientFrame(1, Buffer.from(hello)));
      },
    },
  ];

class Attacker {
  readonly #attack: LoginAttack;
  #count = 0;
  #result = { wrong: 0, refused: 0, lost: 0 };
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(attack: LoginAttack) {
    this.#attack = attack;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#try(), PAUSE_MS);
  }

  /** Attempts still being checked are counted next time. */
  stop(): AttackResult {
    clearInterval(this.#timer);
    this.#timer = undefined;
    const result = this.#result;
    this.#result = { wrong: 0, refused: 0, lost: 0 };
    return result;
  }

  #try(): void {
    const { account, isFromOne } = this.#attack;
    const { port, say } = OPENINGS[this.#count % OPENINGS.length];
    const localAddress = isFromOne
      ? "127.0.0.2"
      : `127.${1 + this.#count % 250}.${this.#count >> 8 & 255}.9`;
    this.#count++;
    const socket = connect({ host: "127.0.0.1", port: this.#attack[port] as number, localAddress });
    let heard = "";
    let outcome: keyof AttackResult = "lost";
    socket.on("connect", () => say(socket, account));
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1");
      if (/Wrong name or password|wrong-password/.test(heard)) outcome = "wrong";
      else if (/Too many|slow-down/.test(heard)) outcome = "refused";
      else return;
      socket.destroy();
    });
    socket.on("error", () => {}).on("close", () => this.#result[outcome]++);
  }
}

if (import.meta.main) {
  const attacker = new Attacker(JSON.parse(Deno.args[0]));
  console.log("ready");
  const orders = linesOf(Deno.stdin.readable);
  for (;;) {
    const { value: order, done } = await orders.next();
    if (done) break;
    if (order === "on") attacker.start();
    else console.log(JSON.stringify(attacker.stop()));
  }
  Deno.exit();
}
