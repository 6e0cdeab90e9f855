/**
 * What greedy IRC clients send, and what is hard on a server with many of them.
 *
 * @module
 */

import {
  bytesOf,
  connect,
  type Doors,
  drop,
  flood,
  pause,
  pour,
  tally,
  writeAll,
} from "./pouring.ts";

/** Clients in a large room. */
const CROWD = 2000;
/** Those of them that are greedy. */
const GREEDY = 20;

const NICKS = Array.from({ length: 60 }, (_, number) => `irc${number}`);
const HARD_MASK = "*a*a*a*a*a*a*a*a*a*b";
const CAPS =
  "message-tags batch labeled-response echo-message away-notify setname account-notify " +
  "draft/chathistory draft/multiline extended-monitor server-time multi-prefix";

export const IRC_ATTACKS = {
  "IRC: PING": greedy("PING :x\r\n".repeat(4000)),
  "IRC: unknown verbs": greedy("XYZ a b c\r\n".repeat(4000)),
  "IRC: WHO *": greedy("WHO *\r\n".repeat(200)),
  "IRC: WHO with masks": greedy(`WHO ${HARD_MASK}\r\nWHO *!*@${HARD_MASK}\r\n`.repeat(200)),
  "IRC: LIST with masks": greedy(
    `LIST ${Array(20).fill(HARD_MASK).join(",")}\r\nLIST C>1,T<60,*a*\r\n`.repeat(50),
  ),
  "IRC: WHOIS of ten": greedy(`WHOIS ${NICKS.slice(0, 10).join(",")}\r\n`.repeat(100)),
  "IRC: WHOWAS with masks": greedy(`WHOWAS ${HARD_MASK}\r\nWHOWAS *\r\n`.repeat(100)),
  "IRC: MONITOR": greedy(
    `MONITOR + ${NICKS.join(",")}\r\nMONITOR S\r\nMONITOR L\r\nMONITOR C\r\n`.repeat(100),
  ),
  "IRC: ISON and USERHOST": greedy(
    `ISON ${NICKS.join(" ")}\r\nUSERHOST irc1 irc2 irc3 irc4 irc5\r\n`.repeat(100),
  ),
  "IRC: CHATHISTORY": greedy(
    ("CHATHISTORY LATEST #big * 500\r\n" +
      "CHATHISTORY BETWEEN #big timestamp=1970-01-01T00:00:00.000Z timestamp=2100-01-01T00:00:00.000Z 500\r\n" +
      "CHATHISTORY AROUND #big msgid=big#9000 500\r\n" +
      "CHATHISTORY TARGETS timestamp=1970-01-01T00:00:00.000Z timestamp=2100-01-01T00:00:00.000Z 500\r\n")
      .repeat(10),
    "JOIN #big\r\n",
  ),
  "IRC: SEARCH": greedy("SEARCH text=sixty;in=#big\r\nSEARCH text=nothing\r\n".repeat(20)),
  "IRC: bans": greedy(
    Array.from(
      { length: 40 },
      (_, index) => `MODE #own% +b ${HARD_MASK}${index}!*@*\r\nMODE #own% b\r\nMODE #own%\r\n`,
    ).join(""),
    "JOIN #own%\r\n",
  ),
  "IRC: lists of modes": greedy(
    "MODE #own% b\r\nMODE #own% beI\r\nMODE #own%\r\nNAMES #own%\r\nTOPIC #own%\r\n".repeat(200),
    "JOIN #own%\r\nMODE #own% +bbbb a!*@* b!*@* c!*@* d!*@*\r\n",
  ),
  "IRC: JOIN and PART": greedy("JOIN #doors\r\nPART #doors :bye\r\n".repeat(100)),
  "IRC: JOIN of 50": greedy(
    `JOIN ${Array.from({ length: 50 }, (_, index) => `#j%x${index}`).join(",")}\r\nJOIN 0\r\n`
      .repeat(20),
  ),
  "IRC: NICK": greedy("NICK other%\r\nNICK irc%\r\n".repeat(100), "JOIN #lobby\r\n"),
  "IRC: NICK in 49 rooms": greedy(
    "NICK other%\r\nNICK irc%\r\n".repeat(100),
    `JOIN ${Array.from({ length: 49 }, (_, index) => `#n${index}`).join(",")}\r\n`,
  ),
  "IRC: CAP": greedy(`CAP LS 302\r\nCAP REQ :${CAPS}\r\nCAP LIST\r\n`.repeat(200)),
  "IRC: AUTHENTICATE": greedy(
    ("AUTHENTICATE PLAIN\r\nAUTHENTICATE b3duZXIAb3duZXIAd3Jvbmc=\r\n" +
      "AUTHENTICATE SCRAM-SHA-256\r\nAUTHENTICATE biwsbj1vd25lcixyPWFiY2RlZg==\r\n" +
      "AUTHENTICATE Yz1iaXdzLHI9YWJjZGVmLHA9YWJjZA==\r\n").repeat(50),
  ),
  "IRC: REGISTER": greedy("REGISTER * * long-enough-password\r\n".repeat(50)),
  "IRC: tags of 4 KB": greedy(
    `@+a=${"v".repeat(4000)} PRIVMSG #tags :x\r\n`.repeat(10),
    "JOIN #tags\r\n",
  ),
  "IRC: 1,000 tags": greedy(
    `@${Array.from({ length: 1000 }, () => "+a=").join(";")} PING x\r\n`.repeat(20),
  ),
  "IRC: labels of 4 KB": greedy(`@label=${"l".repeat(4000)} PING x\r\n`.repeat(20)),
  "IRC: batches left open": greedy(
    ("BATCH +x draft/multiline #many\r\n" + "@batch=x PRIVMSG #many :line\r\n".repeat(10)).repeat(
      20,
    ),
    "JOIN #many\r\n",
  ),
  "IRC: batches opened": greedy("BATCH +x draft/multiline #many\r\nBATCH -y\r\n".repeat(2000)),
  "IRC: AWAY": greedy("AWAY :x\r\nAWAY\r\n".repeat(100), "JOIN #crowd\r\n"),
  "IRC: commands of all kinds": greedy(
    ("LUSERS\r\nMOTD\r\nINFO\r\nVERSION\r\nTIME\r\nSTATS u\r\nLINKS\r\nADMIN\r\nHELP WHO\r\nHELP\r\n" +
      "NAMES\r\nUSER a b c d\r\nPASS x\r\nOPER a b\r\nPONG x\r\nMARKREAD #lobby\r\nNS HELP\r\n" +
      "PRIVMSG NickServ :IDENTIFY x\r\nVERIFY a b\r\nKILL a :b\r\nWALLOPS x\r\n").repeat(20),
  ),
  "IRC: long words": greedy(
    `${"A".repeat(4500)}\r\n${":".repeat(400)} ${" ".repeat(90)}\r\n`.repeat(10),
  ),
  "IRC: no newline": flood(20, "ircPort", "x".repeat(65536)),
  "IRC: lone CRs": flood(20, "ircPort", "\r".repeat(65536)),
  "IRC: CRs and NULs": greedy("\r\0 \r\0\r\nPING \0\r\n".repeat(4000)),
  "IRC: tags without end": flood(20, "ircPort", `@${"a;".repeat(2040)}\r\n`.repeat(10)),
  "IRC: spaces": greedy(`${" ".repeat(500)}\r\n`.repeat(100)),
  "IRC: a crowd enters": {
    peers: CROWD,
    async ask(doors: Doors, peer: number) {
      tally.gathering++;
      const connection = await register(doors, `c${peer}`, CAPS).finally(() => tally.gathering--);
      drop(connection);
      for (;;) {
        await writeAll(connection, bytesOf("JOIN #crowd\r\n"));
        await pause(3000);
        await writeAll(connection, bytesOf("PART #crowd\r\n"));
        await pause(1000);
      }
    },
  },
  "IRC: a crowd goes at once": {
    peers: CROWD,
    async ask(doors: Doors, peer: number) {
      tally.gathering++;
      const registered = register(doors, `c${peer}`, CAPS, "JOIN #crowd\r\n");
      const connection = await registered.finally(() => tally.gathering--);
      drop(connection);
      while (tally.gathering > 0) await pause(50);
      // Half of it: those who stay are told.
      if (peer % 2 === 0) await pause(500);
      if (peer % 2 === 0) connection.close();
    },
  },
  "IRC: NAMES of a crowd": crowd(() => "NAMES #crowd\r\nWHO #crowd\r\n".repeat(20)),
  "IRC: TAGMSG to a crowd": crowd(() => `@+typing=active TAGMSG #crowd\r\n`.repeat(100)),
  "IRC: AWAY before a crowd": crowd(() =>
    "AWAY :x\r\nAWAY\r\nSETNAME :y\r\nSETNAME :z\r\n".repeat(50)
  ),
  "IRC: NICK before a crowd": crowd((peer) => `NICK x${peer}\r\nNICK y${peer}\r\n`.repeat(50)),
  "IRC: half of a crowd comes and goes": {
    peers: CROWD,
    async ask(doors: Doors, peer: number) {
      for (let round = 0;; round++) {
        const connection = await register(doors, `c${peer}`, CAPS, "JOIN #crowd\r\n");
        if (peer >= 500) return;
        await pause(2000);
        connection.close();
        await pause(500);
      }
    },
  },
  "IRC: unregistered": {
    peers: 1000,
    async ask({ ircPort }: Doors) {
      for (;;) {
        const connection = await connect(ircPort);
        await writeAll(connection, bytesOf("CAP LS 302\r\nNICK waiting\r\n"));
        await connection.read(new Uint8Array(1000));
        tally.answers++;
        await pause(1000);
        connection.close();
      }
    },
  },
  "IRC: deaf to answers": deaf("XYZ\r\nWHO *\r\nMOTD\r\nPING x\r\n".repeat(500)),
  "IRC: deaf to refusals": deaf("XYZ\r\n".repeat(5000)),
  "IRC: deaf to overlong lines": deaf(`${"A".repeat(600)}\r\n`.repeat(100)),
  "IRC: deaf to broken text": deaf("PING \xff\r\n".repeat(5000)),
  "IRC: deaf to failed batches": deaf("BATCH -y\r\n".repeat(5000)),
  "IRC: deaf to messages to nobody": deaf("PRIVMSG\r\nNOTICE\r\n".repeat(3000)),
};

/** 20 clients that send `lines` without pause; `%` is their number. */
function greedy(lines: string, prelude = "") {
  return {
    peers: GREEDY,
    async ask(doors: Doors, peer: number) {
      const connection = await register(doors, `irc${peer}`, CAPS);
      const own = (text: string) => text.replaceAll("%", String(peer));
      await pour(connection, own(prelude), own(lines));
    },
  };
}

/** Clients who gather in one room, of whom the first then send lines without pause. */
function crowd(linesOf: (peer: number) => string) {
  return {
    peers: CROWD,
    async ask(doors: Doors, peer: number) {
      tally.gathering++;
      const registered = register(doors, `c${peer}`, CAPS, "JOIN #crowd\r\n");
      const connection = await registered.finally(() => tally.gathering--);
      if (peer < GREEDY) await pour(connection, "", linesOf(peer));
      drop(connection);
    },
  };
}

/** 20 clients that send `lines` without pause and read nothing. */
function deaf(lines: string) {
  return {
    peers: GREEDY,
    async ask(doors: Doors, peer: number) {
      const connection = await register(doors, `deaf${peer}`, CAPS);
      for (const bytes = bytesOf(lines);;) {
        await writeAll(connection, bytes);
        tally.answers++;
      }
    },
  };
}

/** Connects, registers and sends a prelude; resolves once all of it has been answered. */
async function register(
  { ircPort }: Doors,
  nick: string,
  caps: string,
  prelude = "",
): Promise<Deno.TcpConn> {
  const connection = await connect(ircPort);
  const hello = `CAP REQ :${caps}\r\nNICK ${nick}\r\nUSER u 0 * :r\r\nCAP END\r\n`;
  await writeAll(connection, bytesOf(`${hello}${prelude}PING :registered\r\n`));
  const buffer = new Uint8Array(64 * 1024);
  let heard = "";
  while (!heard.includes(":registered\r\n")) {
    const length = await connection.read(buffer);
    if (length === null) throw new Error("The server ended the connection");
    heard = heard.slice(-20) + new TextDecoder("latin1").decode(buffer.subarray(0, length));
  }
  return connection;
}
