// A minimal line echo on node:net, as a baseline. With the argument `raw` it echoes bytes instead.
import { createServer } from "node:net";

const isRaw = process.argv[2] === "raw";
const server = createServer((socket) => {
  let rest = "";
  socket.setNoDelay();
  socket.on("error", () => {});
  if (isRaw) return socket.on("data", (bytes) => socket.write(bytes));
  socket.setEncoding("utf8");
  socket.on("data", (text) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop();
    for (const line of lines) socket.write(`${line}\r\n`);
  });
});
server.listen(0, "127.0.0.1", () => console.log(`listening ${server.address().port}`));
