/**
 * Help: keyboard shortcuts and commands.
 *
 * @module
 */

import { h } from "preact";
import type { App } from "../app.ts";
import { Dialog } from "./dialog.tsx";

const KEYS = [
  ["Enter", "send; Shift+Enter for a new line"],
  ["/", "list the commands"],
  ["@ or Tab", "complete a name; Tab again for the next match"],
  [":", "complete an emoji by its name, such as :tada"],
  ["↑ in an empty field", "recall your previous messages"],
  ["Alt+↑, Alt+↓", "previous or next room"],
  ["Alt+U", "first unread message"],
  ["Ctrl+K", "search; ↓, ↑ go to the results"],
  ["Esc", "focus the message field; again to jump to the newest message"],
  ["Shift+Tab, ↑, ↓", "from the field to the messages, and among them; Enter opens the link"],
  [
    "r, q, c, l, k on a message",
    "reply, quote, copy its text or its link, pin; 1 to 5 react with 👍 ❤️ 😄 🎉 👀",
  ],
  ["Tab on a message", "its links and its menu: write to its sender, ignore, moderate"],
  ["Home, End in the messages", "beginning or end of the room"],
  ["→, ← on a log line", "show or hide its fields"],
  ["p, w, f in a log", "pause, wrap long lines, go to the filters"],
  ["←, → in the chart", "move an end of the selection; Esc shows all"],
] as const;

const ESCAPE = { name: "/", usage: "//shrug", summary: "say a message that starts with /" };

export function HelpDialog({ app }: { readonly app: App }) {
  return (
    <Dialog title="Help" onClose={() => app.overlays.open(undefined)}>
      <p>
        Messages are sent to everyone in the room and saved. The number beside each message is a
        link to it.
      </p>
      <h3>Keyboard shortcuts</h3>
      <dl class="keys">
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <h3>Commands</h3>
      <dl class="keys">
        {[...app.client.state.commands, ESCAPE].map(({ name, usage, summary }) => (
          <div key={name}>
            <dt>{usage}</dt>
            <dd>{summary}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
