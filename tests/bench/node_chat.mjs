// A minimal chat server on node:net, as a baseline: one room, no log, one write per message and
// member.
import { createServer } from "node:net";

const members = new Map();
const server = createServer((socket) => {
  let rest = "";
  socket.setNoDelay();
  socket.setEncoding("utf8");
  socket.on("error", () => {});
  socket.on("close", () => members.delete(socket));
  socket.on("data", (text) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop();
    for (const line of lines) {
      const name = members.get(socket);
      if (name === undefined) {
        members.set(socket, line);
        socket.write(`You are in with ${members.size - 1} others\r\n`);
      } else {
        for (const other of members.keys()) {
          if (other !== socket) other.write(`<${name}> ${line}\r\n`);
        }
      }
    }
  });
});
server.listen(0, "127.0.0.1", () => console.log(`listening ${server.address().port}`));
