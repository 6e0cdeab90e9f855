/**
 * The open menu, and the buttons that open one: the menu button pattern of the ARIA Authoring
 * Practices Guide.
 *
 * @module
 */

import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { App } from "../app.ts";
import { itemForKey, type OpenMenu } from "../menu.ts";

/** Distance from the edges of the window. */
const MARGIN_PX = 8;

export interface MenuProps {
  readonly app: App;
  readonly menu: OpenMenu;
}

export function Menu({ app, menu }: MenuProps) {
  const list = useRef<HTMLDivElement>(null);
  const anchor = menu.anchor as HTMLElement;
  const items = menu.items();
  const close = () => app.overlays.setMenu(undefined);
  const buttons = () => [...list.current!.querySelectorAll<HTMLElement>("[role=menuitem]")];
  // Also when items are added.
  useLayoutEffect(() => placeAt(list.current!, anchor), [menu, items.length]);
  useLayoutEffect(() => {
    anchor.setAttribute("aria-expanded", "true");
    buttons()[0]?.focus();
    const closeFromOutside = ({ target }: Event) => {
      if (!list.current?.contains(target as Node) && !anchor.contains(target as Node)) close();
    };
    addEventListener("pointerdown", closeFromOutside);
    addEventListener("resize", close);
    return () => {
      anchor.setAttribute("aria-expanded", "false");
      removeEventListener("pointerdown", closeFromOutside);
      removeEventListener("resize", close);
    };
  }, [menu]);
  const onKeyDown = (event: KeyboardEvent) => {
    const { key, altKey, ctrlKey, metaKey } = event;
    if (altKey || ctrlKey || metaKey) return;
    if (key === "Escape" || key === "Tab") {
      close();
      returnFocus(anchor);
      // Tab moves on from the button.
      if (key === "Tab") return;
    } else {
      const all = buttons();
      const at = all.indexOf(document.activeElement as HTMLElement);
      const next = itemForKey(key, at, items.map(({ label }) => label));
      if (next === undefined) return;
      all[next].focus();
    }
    event.preventDefault();
  };
  return (
    <div
      ref={list}
      id="menu"
      class="popup"
      role="menu"
      aria-label={`Actions for ${menu.label}`}
      onKeyDown={onKeyDown}
    >
      {items.map(({ label, short, run }) => (
        <button
          key={label}
          type="button"
          class={short && "short"}
          aria-label={label}
          role="menuitem"
          tabIndex={-1}
          onClick={() => {
            close();
            // First, so that a dialog returns the focus to the button.
            returnFocus(anchor);
            run();
          }}
        >
          {short ?? label}
        </button>
      ))}
    </div>
  );
}

/** Opens a menu, or closes it if it is that button's; it needs `aria-haspopup` and `aria-expanded`. */
export function toggleMenu(app: App, button: EventTarget, open: () => void): void {
  if (app.overlays.menu?.anchor === button) app.overlays.setMenu(undefined);
  else open();
}

/** The rows of messages scroll away, and their buttons with them. */
function returnFocus(anchor: HTMLElement): void {
  if (anchor.isConnected) anchor.focus();
  else document.getElementById("message")?.focus();
}

/** Places a menu below its button, or above it if there is no room below. */
function placeAt(menu: HTMLElement, anchor: HTMLElement): void {
  const { left, top, bottom } = anchor.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = menu;
  const isBelow = bottom + offsetHeight + MARGIN_PX <= innerHeight;
  const y = isBelow ? bottom : Math.max(MARGIN_PX, top - offsetHeight);
  const x = Math.max(MARGIN_PX, Math.min(left, innerWidth - offsetWidth - MARGIN_PX));
  menu.style.left = `${x}px`;
  menu.style.top = `${y}px`;
}
