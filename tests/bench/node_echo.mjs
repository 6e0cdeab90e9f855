// The line echo that one writes with node:net in 20 lines, to measure against; with `raw`, the
// shorter one that gives bytes back as they came.
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
