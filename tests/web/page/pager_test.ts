import { assertEquals } from "@std/assert";
import { MessageView } from "../../../lib/web/page/message_view.ts";
import { Pager } from "../../../lib/web/page/pager.ts";
import { RequestError } from "../../../lib/web/page/requests.ts";
import { Timeline } from "../../../lib/web/page/timeline.ts";
import type { EventJson, HistoryAnswer, HistoryRequest } from "../../../lib/web/protocol.ts";

type Request = Omit<HistoryRequest, "type" | "ref">;

/** A server's history of a room with 1000 messages. */
function answer({ after, before, around, limit = 50 }: Request): HistoryAnswer {
  const lastSeq = 1000;
  let first = lastSeq - limit + 1;
  if (after !== undefined) first = after + 1;
  else if (before !== undefined) first = Math.max(1, before - limit);
  else if (around !== undefined) first = Math.max(1, around - (limit >> 1));
  const end = Math.min(lastSeq, before === undefined ? first + limit - 1 : before - 1);
  const events: EventJson[] = Array.from({ length: end - first + 1 }, (_, at) => ({
    id: first + at,
    room: "lobby",
    seq: first + at,
    at: "2026-11-21T06:30:00.000Z",
    kind: "log",
    from: "make",
    body: "x",
  }));
  return { type: "history", room: "lobby", after: first - 1, before: end + 1, lastSeq, events };
}

function scene() {
  const timeline = new Timeline(0);
  timeline.reset(answer({ room: "lobby", limit: 20 }).events, 1000);
  const asked: Request[] = [];
  let isBroken = false;
  const history = (request: Request) => {
    asked.push(request);
    return isBroken
      ? Promise.reject(new RequestError("disconnected", "The connection was lost."))
      : Promise.resolve(answer(request));
  };
  const breakIt = (broken: boolean) => isBroken = broken;
  return { timeline, asked, history, breakIt };
}

/** Runs everything that waits only for promises. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

Deno.test("Pager.older() loads one page at a time, up to the start", async () => {
  const { timeline, asked, history } = scene();
  const pager = new Pager({ room: "lobby", timeline, history, onChange: () => {} });
  pager.older();
  pager.older();
  assertEquals(asked, [{ room: "lobby", limit: 100, before: 981 }]);
  await settle();
  for (let page = 0; page < 20; page++) {
    pager.older();
    await settle();
  }
  assertEquals([timeline.isAtStart, timeline.events.length, asked.length], [true, 1000, 10]);
});

Deno.test("Pager.around() jumps to an event, and newer() loads from there to the end", async () => {
  const { timeline, history } = scene();
  const pager = new Pager({ room: "lobby", timeline, history, onChange: () => {} });
  await pager.around(500);
  assertEquals([timeline.after, timeline.before], [449, 550]);
  while (!timeline.isAtEnd) {
    pager.newer();
    await settle();
  }
  assertEquals(timeline.events.at(-1)!.seq, 1000);
});

Deno.test("Pager follows only the last of several jumps", async () => {
  const { timeline, asked, history } = scene();
  const pager = new Pager({ room: "lobby", timeline, history, onChange: () => {} });
  pager.older();
  await Promise.all([pager.around(100), pager.around(300)]);
  assertEquals(asked.map(({ around }) => around), [undefined, 300]);
  assertEquals(timeline.after < 300 && timeline.before > 300, true);
});

Deno.test("Pager reports a failure, and does not retry until told to", async () => {
  const { timeline, asked, history, breakIt } = scene();
  let changes = 0;
  const pager = new Pager({ room: "lobby", timeline, history, onChange: () => changes++ });
  breakIt(true);
  pager.older();
  await settle();
  assertEquals([pager.problem, pager.isLoading], ["The connection was lost.", false]);
  pager.older();
  assertEquals(asked.length, 1);
  breakIt(false);
  pager.retry();
  pager.older();
  await settle();
  assertEquals([pager.problem, changes], [undefined, 3]);
});

Deno.test("Pager stops asking a server that sends nothing", async () => {
  const { timeline } = scene();
  let asked = 0;
  const history = (request: Request) => {
    asked++;
    const { lastSeq } = answer(request);
    const end = request.before ?? lastSeq + 1;
    return Promise.resolve({ ...answer(request), after: end - 1, before: end, events: [] });
  };
  const pager = new Pager({ room: "lobby", timeline, history, onChange: () => {} });
  for (let id = 0; id < 5; id++) {
    pager.older();
    await settle();
  }
  assertEquals([asked, pager.problem], [1, "The server sent no more messages."]);
});

Deno.test("Pager.trim() drops distant events once there are too many", () => {
  const { timeline, history } = scene();
  const pager = new Pager({ room: "lobby", timeline, history, onChange: () => {} });
  const [event] = timeline.events;
  const seqs = Array.from({ length: 5000 }, (_, at) => at + 1);
  timeline.reset(seqs.map((seq) => ({ ...event, seq })), 5000);
  pager.trim(2000);
  assertEquals(timeline.events.length, 1500);
  assertEquals([timeline.events[0].seq, timeline.events.at(-1)!.seq], [1250, 2749]);
  pager.trim(1300);
  assertEquals(timeline.events.length, 1500);
});

Deno.test("MessageView.setFilter() shows part of the room, and clearFilter() all of it", async () => {
  const { timeline, history } = scene();
  const view = new MessageView("lobby", timeline, { history, onChange: () => {} });
  view.setFilter({ span: { after: 200, before: 301 }, since: "", until: "" });
  view.pager.older();
  await settle();
  assertEquals([view.timeline.events[0].seq, view.timeline.events.length], [201, 100]);
  assertEquals([view.timeline.isAtStart, view.timeline.isAtEnd], [true, true]);
  await view.goTo(250);
  assertEquals(view.filter?.span.after, 200);
  await view.goTo(700);
  assertEquals([view.filter, view.target], [undefined, 700]);
  view.clearFilter();
  assertEquals(view.timeline, timeline);
});

Deno.test("MessageView.goTo() explains why a message is not there, and goes to the end or near it", async () => {
  const { timeline, history } = scene();
  const explained: number[] = [];
  const explainMissing = (seq: number) => {
    explained.push(seq);
    return Promise.resolve(`There is no #${seq}.`);
  };
  const view = new MessageView("lobby", timeline, { history, explainMissing, onChange: () => {} });
  await view.goTo(999_999);
  assertEquals([view.missing, view.reveal?.seq], ["There is no #999999.", Infinity]);
  await view.goTo(500);
  assertEquals([view.missing, view.reveal?.seq], [undefined, 500]);
  await view.goTo(999_999);
  await view.goToNewest();
  assertEquals([view.missing, explained], [undefined, [999_999, 999_999]]);
});

Deno.test("MessageView.goToOldest() loads the start and scrolls to it", async () => {
  const { timeline, asked, history } = scene();
  const view = new MessageView("lobby", timeline, { history, onChange: () => {} });
  await view.goToOldest();
  assertEquals([timeline.isAtStart, timeline.events[0].seq, view.reveal?.seq], [true, 1, 0]);
  await view.goToOldest();
  assertEquals(asked.map(({ after }) => after), [0]);
});

Deno.test("MessageView.noteCrowd() adds to the last note until something else happens", () => {
  const { timeline, history } = scene();
  const view = new MessageView("lobby", timeline, { history, onChange: () => {} });
  const notes = () =>
    view.rows("me", []).flatMap((row) => row.kind === "note" ? row.note.lines : []);
  view.noteCrowd(30, 0);
  view.noteCrowd(7, 1);
  assertEquals(notes(), ["37 people joined, 1 person left."]);
  timeline.receive([{ ...timeline.events[0], seq: 1001 }]);
  view.noteCrowd(1, 0);
  assertEquals(notes(), ["37 people joined, 1 person left.", "1 person joined."]);
});

Deno.test("MessageView.note() joins the notes of one command", () => {
  const { timeline, history } = scene();
  const view = new MessageView("lobby", timeline, { history, onChange: () => {} });
  view.note("one", { group: "r1" });
  view.note("two\nthree", { group: "r1" });
  view.note("wrong", { group: "r1", isError: true });
  view.note("four", { group: "r2" });
  const notes = view.rows("me", []).flatMap((row) => row.kind === "note" ? [row.note] : []);
  assertEquals(notes.map(({ lines }) => lines), [["one", "two", "three"], ["wrong"], ["four"]]);
  view.dismiss(notes[1]);
  assertEquals(view.rows("me", []).filter(({ kind }) => kind === "note").length, 2);
});
