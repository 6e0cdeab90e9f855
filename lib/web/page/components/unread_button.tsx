/**
 * The button that goes to the first unread message while that is above what is visible.
 *
 * @module
 */

import { h } from "preact";
import type { MessageView } from "../message_view.ts";
import { countOf } from "../time_text.ts";
import { Icon } from "./icon.tsx";

export function UnreadButton({ view }: { readonly view: MessageView }) {
  if (!view.isUnreadAbove || view.filter) return null;
  return (
    <button
      type="button"
      class="jump is-up"
      title="First unread (Alt+U)"
      onClick={() => view.goToUnread()}
    >
      <Icon name="up" />
      {view.unread > 0 ? `${countOf(view.unread, "unread message")}` : "First unread"}
    </button>
  );
}
