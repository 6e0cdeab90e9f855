import { assertEquals, assertThrows } from "@std/assert";
import {
  EndpointError,
  formatEndpoint,
  parseEndpoint,
  SCHEMES,
} from "../../lib/transport/endpoint.ts";

Deno.test("parseEndpoint() reads scheme, host and port", () => {
  assertEquals(parseEndpoint("telnet://127.0.0.1:2323"), {
    scheme: "telnet",
    hostname: "127.0.0.1",
    port: 2323,
    options: new Map(),
  });
});

Deno.test("parseEndpoint() accepts host names, a scheme in any case, and a slash at the end", () => {
  for (const host of ["localhost", "chat.example.org", "my_host-2", "0.0.0.0"]) {
    const { scheme, hostname, port } = parseEndpoint(`TCP://${host}:80/`);
    assertEquals([scheme, hostname, port], ["tcp", host, 80]);
  }
});

Deno.test("parseEndpoint() removes the brackets of an IPv6 address", () => {
  for (const address of ["::1", "::", "2001:db8::7", "::ffff:192.0.2.1"]) {
    assertEquals(parseEndpoint(`tcp://[${address}]:0`).hostname, address);
  }
});

Deno.test("parseEndpoint() accepts ports from 0 to 65535", () => {
  assertEquals(parseEndpoint("tcp://localhost:0").port, 0);
  assertEquals(parseEndpoint("tcp://localhost:65535").port, 65_535);
});

Deno.test("parseEndpoint() reads idle in seconds and max-line in bytes, and keeps the rest", () => {
  assertEquals(parseEndpoint("tcp://[::1]:1514?idle=90&room=the%20log&max-line=65536&x="), {
    scheme: "tcp",
    hostname: "::1",
    port: 1514,
    idleMs: 90_000,
    maxLineBytes: 65_536,
    options: new Map([["room", "the log"], ["x", ""]]),
  });
});

Deno.test("parseEndpoint() takes commas between options, for shells", () => {
  const plain = parseEndpoint("tcp://localhost:1?room=x&framing=line&idle=5");
  assertEquals(parseEndpoint("tcp://localhost:1?room=x,framing=line,idle=5"), plain);
  assertEquals(parseEndpoint("tcp://localhost:1?room=x,framing=line&idle=5"), plain);
});

Deno.test("parseEndpoint() leaves a comma in a value", () => {
  const { options, allow, idleMs } = parseEndpoint(
    "tcp://h:1?allow=10.0.0.0/8,192.168.0.0/16,idle=5&a=%2Cb=",
  );
  assertEquals(Object.fromEntries(options), { a: ",b=" });
  assertEquals([allow, idleMs], ["10.0.0.0/8,192.168.0.0/16", 5000]);
});

Deno.test("parseEndpoint() distinguishes never (idle=0) from unset", () => {
  assertEquals(parseEndpoint("tcp://localhost:1?idle=0").idleMs, 0);
  assertEquals(parseEndpoint("tcp://localhost:1").idleMs, undefined);
});

Deno.test("parseEndpoint() accepts the lowest and highest idle and max-line", () => {
  assertEquals(parseEndpoint("tcp://localhost:1?idle=2147483").idleMs, 2_147_483_000);
  assertEquals(parseEndpoint("tcp://localhost:1?max-line=64").maxLineBytes, 64);
  assertEquals(parseEndpoint("tcp://localhost:1?max-line=1048576").maxLineBytes, 1_048_576);
});

Deno.test("parseEndpoint() reads the path of a socket file, and decodes it", () => {
  assertEquals(parseEndpoint("unix:///run/party%20line%3F%23.sock?idle=5"), {
    scheme: "unix",
    hostname: "",
    port: 0,
    path: "/run/party line?#.sock",
    idleMs: 5000,
    options: new Map(),
  });
  assertEquals(parseEndpoint("unixgram:///run/log").path, "/run/log");
});

Deno.test("parseEndpoint() reads certificate and key, and does not leave them to the service", () => {
  for (const scheme of ["tls", "telnets"]) {
    assertEquals(parseEndpoint(`${scheme}://[::1]:0?cert=/etc/a%26b.pem&key=key.pem&room=x`), {
      scheme,
      hostname: "::1",
      port: 0,
      certFile: "/etc/a&b.pem",
      keyFile: "key.pem",
      options: new Map([["room", "x"]]),
    });
  }
});

const IDLE = "write a whole number of seconds up to 2147483, 0 for never";
const MAX_LINE = "write a whole number of bytes from 64 to 1048576";
const FORM = "write it as tcp://HOST:PORT";
const UNIX_FORM = "write it as unix:///PATH";
const TLS_FORM = "write it as tls://HOST:PORT?cert=FILE,key=FILE";

const REFUSED: readonly [text: string, reason: string][] = [
  ["", `scheme is missing; ${FORM}`],
  ["localhost", `scheme is missing; ${FORM}`],
  ["2323", "scheme is missing; did you mean tcp://127.0.0.1:2323?"],
  [":2323", "scheme is missing; did you mean tcp://127.0.0.1:2323?"],
  ["127.0.0.1:2323", "scheme is missing; did you mean tcp://127.0.0.1:2323?"],
  ["[::1]:2323", "scheme is missing; did you mean tcp://[::1]:2323?"],
  ["tcp:127.0.0.1:2323", "scheme is missing; did you mean tcp://127.0.0.1:2323?"],
  ["telnet:2323", "scheme is missing; did you mean telnet://127.0.0.1:2323?"],
  ["://127.0.0.1:2323", "scheme is missing; did you mean tcp://127.0.0.1:2323?"],
  ["/run/chat.sock", "scheme is missing; did you mean unix:///run/chat.sock?"],
  ["tcp://2323", "host is missing; did you mean tcp://127.0.0.1:2323?"],
  ["tpc://127.0.0.1:2323", `scheme "tpc" is unknown; ${FORM}`],
  ["telent://h:1", 'scheme "telent" is unknown; write it as telnet://HOST:PORT'],
  ["tcp://", `host is missing; ${FORM}`],
  ["tcp://:2324", `host is missing; ${FORM}`],
  ["tcp://[]:2324", '"" is not an IPv6 address; write it as tcp://[ADDRESS]:PORT'],
  ["tcp://localhost", `port is missing; ${FORM}`],
  ["telnet://localhost:", "port is missing; write it as telnet://HOST:PORT"],
  ["tcp://[::1]", `port is missing; ${FORM}`],
  ["tcp://localhost:65536", `port "65536" is not a number from 0 to 65535; ${FORM}`],
  ["tcp://localhost:-1", `port "-1" is not a number from 0 to 65535; ${FORM}`],
  ["tcp://localhost:1e3", `port "1e3" is not a number from 0 to 65535; ${FORM}`],
  ["tcp://localhost:080", `port "080" is not a number from 0 to 65535; ${FORM}`],
  ["tcp://localhost: 80", `port " 80" is not a number from 0 to 65535; ${FORM}`],
  ["tcp://::1:2324", "an IPv6 address needs brackets; write it as tcp://[ADDRESS]:PORT"],
  ["tcp://[::1]x:1", "an IPv6 address needs brackets; write it as tcp://[ADDRESS]:PORT"],
  ["tcp://[::g]:1", '"::g" is not an IPv6 address; write it as tcp://[ADDRESS]:PORT'],
  ["tcp://[localhost]:1", '"localhost" is not an IPv6 address; write it as tcp://[ADDRESS]:PORT'],
  ["tcp://*:1", `host "*" is neither a name nor an address; ${FORM}`],
  ["tcp://a@b:1", `host "a@b" is neither a name nor an address; ${FORM}`],
  ["tcp://a b:1", `host "a b" is neither a name nor an address; ${FORM}`],
  ["tcp://127.0.0:1", `host "127.0.0" is neither a name nor an address; ${FORM}`],
  ["tcp://127.0.0.256:1", `host "127.0.0.256" is neither a name nor an address; ${FORM}`],
  ["tcp://localhost:1/room", `"/room" may not follow the port; ${FORM}`],
  ["tcp://localhost:1?idle=5#top", `"#top" may not follow the port; ${FORM}`],
  [
    "unix:///s?allow=::1",
    "allow is for addresses, and peers of a socket file have none; leave it out",
  ],
  [
    "unixgram:///s?room=x,allow=10.0.0.1",
    "allow is for addresses, and peers of a socket file have none; leave it out",
  ],
  ["tcp://localhost:1?idle=-1", `idle is "-1"; ${IDLE}`],
  ["tcp://localhost:1?idle=", `idle is ""; ${IDLE}`],
  ["tcp://localhost:1?idle=1.5", `idle is "1.5"; ${IDLE}`],
  ["tcp://localhost:1?idle=2147484", `idle is "2147484"; ${IDLE}`],
  ["tcp://localhost:1?max-line=63", `max-line is "63"; ${MAX_LINE}`],
  ["tcp://localhost:1?max-line=1048577", `max-line is "1048577"; ${MAX_LINE}`],
  ["tcp://localhost:1?max-line=4k", `max-line is "4k"; ${MAX_LINE}`],
  ["tcp://localhost:1?idle=1&idle=2", "idle is given twice; leave one of them"],
  ["unix://", `path is missing; ${UNIX_FORM}`],
  ["unix:///", `path is missing; ${UNIX_FORM}`],
  ["unix:///?idle=5", `path is missing; ${UNIX_FORM}`],
  ["unix://run/sock", `the path does not begin with "/"; ${UNIX_FORM}`],
  ["unix:///run/", `path "/run/" names a directory, not a file; ${UNIX_FORM}`],
  ["unix:///run/a#b", '"#b" may not follow the path; write "#" in a path as %23'],
  ["unix:///run/%zz", 'path "/run/%zz" has an invalid escape; write "%" as %25'],
  ["unix:///run/%00", `path has a control character in it; ${UNIX_FORM}`],
  [
    `unix:///${"x".repeat(100)}`,
    "path has 101 bytes, a socket's at most 100; choose a shorter one",
  ],
  ["unixgarm:///run/log", 'scheme "unixgarm" is unknown; write it as unixgram:///PATH'],
  ["ltls://h:1", `scheme "ltls" is unknown; ${TLS_FORM}`],
  ["tls://h:1", `cert is missing; ${TLS_FORM}`],
  ["tls://h:1?cert=a.pem", `key is missing; ${TLS_FORM}`],
  ["tls://h:1?cert=&key=b.pem", `cert is missing; ${TLS_FORM}`],
  ["tls://h?cert=a.pem&key=b.pem", `port is missing; ${TLS_FORM}`],
  ["tcp://h:1?cert=a.pem", "cert is for TLS; leave it out, or " + TLS_FORM.replace("it as ", "")],
  [
    "telnet://h:1?key=b.pem",
    "key is for TLS; leave it out, or write telnets://HOST:PORT?cert=FILE,key=FILE",
  ],
  ["unix:///s?key=b", "key is for TLS; leave it out, or " + TLS_FORM.replace("it as ", "")],
];

for (const [text, reason] of REFUSED) {
  Deno.test(`parseEndpoint() refuses ${JSON.stringify(text)} and says what to write`, () => {
    const error = assertThrows(() => parseEndpoint(text), SyntaxError);
    assertEquals(error.message, `Cannot parse endpoint ${JSON.stringify(text)}: ${reason}`);
    assertEquals((error as EndpointError).reason, reason);
  });
}

Deno.test("parseEndpoint() accepts the schemes it is given", () => {
  assertEquals(parseEndpoint("quic://h:1", [...SCHEMES, "quic"]).scheme, "quic");
  assertThrows(
    () => parseEndpoint("quick://h:1", [...SCHEMES, "quic"]),
    EndpointError,
    "write it as quic://HOST:PORT",
  );
});

Deno.test("formatEndpoint() formats what parseEndpoint() reads, without the options", () => {
  for (
    const text of [
      "tcp://127.0.0.1:2324",
      "telnet://[::1]:0",
      "udp://chat.example.org:1",
      "unix:///run/partyline.sock",
      "unixgram:///run/50%25%3F%23 é",
    ]
  ) {
    assertEquals(formatEndpoint(parseEndpoint(`${text}?idle=5&room=log`)), text);
  }
  assertEquals(formatEndpoint(parseEndpoint("tls://h:1?cert=a&key=b")), "tls://h:1");
});
