"""Bring the cited line of the source into view.

Streamlit scrolls a box of its own and not the window, so that a `#fragment` in the address does nothing. A small
constant script does it: no text of a document or of an address goes into it, only a number that is made here.
"""

from __future__ import annotations

import zlib

import streamlit as st

# The page is still being built when the script starts, fonts and what stands above move the line, and Streamlit
# scrolls to the top on a change of page. So: look until the line stays in place, and leave the page to the reader as
# soon as he touches it. A newer run ends the one before (`khStop`).
_SCRIPT = """
<script data-key="{key}">
(() => {{
  const events = ["wheel", "touchstart", "keydown", "mousedown"];
  const deadline = Date.now() + 8000;
  let still = 0, timer = 0;
  const stop = () => {{ clearTimeout(timer); events.forEach((e) => removeEventListener(e, stop, true)); }};
  if (window.khStop) window.khStop();
  window.khStop = stop;
  events.forEach((e) => addEventListener(e, stop, {{ capture: true, passive: true }}));
  const boxes = (page, css) => [...page.querySelectorAll(css)].map((e) => e.getBoundingClientRect());
  const wanted = (page) => {{
    const here = boxes(page, ".kh-here, .kh-goal"), quotes = boxes(page, "mark.kh-quote");
    const all = here.concat(quotes);
    const top = Math.min(...all.map((b) => b.top)), bottom = Math.max(...all.map((b) => b.bottom));
    const room = innerHeight - 140;
    if (room > bottom - top) return top - Math.min(90, (room - bottom + top) / 2 + 70);
    return quotes.length ? quotes[0].top - innerHeight / 2 : here[0].top - 90;
  }};
  const aside = (page) => {{ // a wide table scrolls in a box of its own
    const mark = page.querySelector("mark.kh-quote, mark.kh-goal"), box = mark && mark.closest(".kh-table-box");
    if (!box) return;
    const own = mark.getBoundingClientRect(), room = box.getBoundingClientRect();
    if (own.right > room.right || own.left < room.left) box.scrollLeft += own.right - room.right + 16;
  }};
  const look = () => {{
    const page = document.querySelector(".stMain");
    if (page && page.querySelector(".kh-here, .kh-goal")) {{
      aside(page);
      const before = page.scrollTop;
      page.scrollTop += wanted(page);
      still = Math.abs(page.scrollTop - before) > 2 ? 0 : still + 1;
    }}
    if (still > 10 || Date.now() > deadline) stop();
    else timer = setTimeout(look, 100);
  }};
  look();
}})();
</script>
"""


def to_target(place: str) -> None:
    """Scroll to the cited lines; `place` names them: the script runs again only when it changes.

    Label and quote are both brought into view where they fit; where they do not, the quote is.
    """
    st.html(_SCRIPT.format(key=zlib.crc32(place.encode())), unsafe_allow_javascript=True)


# A link with `data-to` goes to an element of the page that is open: no reload, the address follows. Without the script,
# or in another tab, its `href` opens the same place. The entry of the outline that is being read is marked.
_FOLLOW = """
<script>
(() => {
  if (window.khFollow) return;
  window.khFollow = true;
  const box = () => document.querySelector(".stMain");
  const plain = (e) => !(e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || e.defaultPrevented);
  const to = (id, href) => {
    const goal = document.getElementById(id);
    if (!goal) return false;
    if (window.khStop) window.khStop();
    const hit = goal.matches("mark");
    goal.scrollIntoView({ block: hit ? "center" : "start", inline: "nearest" });
    if (!hit) {
      goal.setAttribute("tabindex", "-1");
      goal.focus({ preventScroll: true });
      goal.classList.remove("kh-arrived");
      void goal.offsetWidth;
      goal.classList.add("kh-arrived");
    }
    history.replaceState(history.state, "", href);
    const clause = new URL(href, location.href).searchParams.get("clause");
    for (const view of clause ? document.querySelectorAll(".kh-views a") : []) {
      const address = new URL(view.href);
      address.searchParams.set("clause", clause);
      ["heading", "quote"].forEach((name) => address.searchParams.delete(name));
      view.href = address;
    }
    return true;
  };
  const now = (number) => {
    document.querySelectorAll("mark.kh-hit.kh-now").forEach((m) => m.classList.remove("kh-now", "kh-goal"));
    document.querySelectorAll(".kh-hits a[aria-current]").forEach((a) => a.removeAttribute("aria-current"));
    document.getElementById("cho-" + number).classList.add("kh-now");
    const entry = document.querySelector('.kh-hits a[data-to="cho-' + number + '"]');
    if (entry) { entry.setAttribute("aria-current", "true"); entry.scrollIntoView({ block: "nearest" }); }
    const bar = document.querySelector(".kh-steps");
    bar.querySelector(".kh-at").textContent = "chỗ " + number + "/" + bar.dataset.total;
  };
  const step = (link) => {
    const total = Number(link.closest(".kh-steps").dataset.total), by = Number(link.dataset.step);
    const at = Number(new URLSearchParams(location.search).get("hit")) || (by > 0 ? 0 : 1);
    const next = ((at - 1 + by + total) % total) + 1, address = new URL(location.href);
    address.searchParams.set("hit", next);
    return to("cho-" + next, address) && now(next);
  };
  addEventListener("click", (e) => {
    const link = e.target.closest && e.target.closest("a[data-to], a[data-step]");
    if (!link || !plain(e)) return;
    e.preventDefault();
    if (link.dataset.step) return step(link);
    const fold = link.closest(".kh-fold");
    if (fold) fold.open = false;
    if (!to(link.dataset.to, link.href)) location.href = link.href;
    else if (link.dataset.to.startsWith("cho-")) now(Number(link.dataset.to.slice(4)));
  });
  setTimeout(() => {
    const found = document.querySelector(".kh-hits a[aria-current]");
    if (found) found.scrollIntoView({ block: "nearest" });
  }, 500);
  let waiting = false;
  const read = () => {
    waiting = false;
    const tree = document.querySelector(".kh-outline");
    if (!tree || !tree.offsetParent) return;
    const links = [...tree.querySelectorAll("a[data-to]")];
    let current = null;
    for (const link of links) {
      const goal = document.getElementById(link.dataset.to);
      if (goal && goal.getBoundingClientRect().top < 160) current = link;
    }
    links.forEach((a) => (a === current ? a.setAttribute("aria-current", "true") : a.removeAttribute("aria-current")));
    if (!current) return;
    let shown = current; // in a branch that is folded, what it is folded under
    while (!shown.checkVisibility()) shown = shown.closest("ol").closest("li").querySelector("a");
    const own = shown.getBoundingClientRect(), room = tree.getBoundingClientRect();
    if (own.top < room.top || own.bottom > room.bottom) tree.scrollTop += own.top - room.top - room.height / 2;
  };
  document.addEventListener("scroll", (e) => {
    if (e.target !== box() || waiting) return;
    waiting = true;
    requestAnimationFrame(read);
  }, true);
})();
</script>
"""


def follow_links() -> None:
    """Let links to places of the page scroll to them."""
    st.html(_FOLLOW, unsafe_allow_javascript=True)
