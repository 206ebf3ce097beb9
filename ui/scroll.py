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
    const here = boxes(page, ".kh-here"), quotes = boxes(page, "mark.kh-quote");
    const all = here.concat(quotes);
    const top = Math.min(...all.map((b) => b.top)), bottom = Math.max(...all.map((b) => b.bottom));
    const room = innerHeight - 140;
    if (room > bottom - top) return top - Math.min(90, (room - bottom + top) / 2 + 70);
    return quotes.length ? quotes[0].top - innerHeight / 2 : here[0].top - 90;
  }};
  const look = () => {{
    const page = document.querySelector(".stMain");
    if (page && page.querySelector(".kh-here")) {{
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
