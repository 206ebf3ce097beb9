// See `actions.py`.
(() => {
  if (window.khActions) return;
  window.khActions = true;
  const KEY = "kehoach-history", MOST = 30;

  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); return true; } catch (error) { /* no https: the old way */ }
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };
  const tell = (button, words) => {
    const before = button.dataset.name || button.textContent;
    button.dataset.name = before;
    button.textContent = words;
    clearTimeout(button.khTimer);
    button.khTimer = setTimeout(() => { button.textContent = before; }, 2500);
  };

  const read = () => {
    let list = [];
    try { list = JSON.parse(sessionStorage.getItem(KEY)); } catch (error) { /* not ours */ }
    return Array.isArray(list) ? list.filter((item) => item && typeof item.question === "string") : [];
  };
  const write = (list) => { try { sessionStorage.setItem(KEY, JSON.stringify(list)); } catch (error) { /* full */ } };
  let forgotten = null; // what stood there when the list was cleared: not put back as long as it stands
  const remember = () => {
    const asked = document.querySelector(".kh-asked");
    if (!asked) return;
    const [question, answer] = [...asked.children].map((element) => element.textContent);
    const here = { question, answer, search: location.search };
    if (!here.question || new URLSearchParams(here.search).get("q") !== here.question) return;
    if (here.search === forgotten) return;
    forgotten = null;
    const list = read();
    if (list.length && list[0].search === here.search && list[0].answer === here.answer) return;
    write([here, ...list.filter((item) => item.search !== here.search)].slice(0, MOST));
  };
  const show = () => {
    const box = document.querySelector(".kh-history");
    if (!box) return;
    const list = read(), drawn = JSON.stringify(list);
    box.hidden = !list.length;
    if (box.khDrawn === drawn) return;
    box.khDrawn = drawn;
    box.querySelector("summary").textContent = `Đã hỏi trong phiên này (${list.length})`;
    box.querySelector("ol").replaceChildren(...list.map((item) => {
      const line = document.createElement("li"), link = document.createElement("a");
      const answer = document.createElement("span");
      link.href = "./" + (String(item.search).startsWith("?") ? item.search : "");
      link.textContent = item.question;
      answer.textContent = item.answer || "";
      line.append(link, answer);
      return line;
    }));
  };

  // Words of Streamlit's own that no setting changes; put into the text nodes that it made, which it goes on using.
  const WORDS = [
    ["Skip to main content", "Đến nội dung chính"],
    ["This app has encountered an error",
      "Chương trình gặp lỗi, lỗi đã ghi vào nhật ký. Hãy tải lại trang; nếu vẫn lỗi, báo người quản trị."],
    ["Connection error", "Mất kết nối"],
    ["Streamlit server is not responding",
      "Máy chủ không trả lời. Hãy kiểm tra mạng; trang tự nối lại khi máy chủ chạy lại."],
  ];
  const PLACES = '[data-testid="stSkipToContent"], .stException, [data-testid="stDialog"]';
  const translate = () => {
    for (const place of document.querySelectorAll(PLACES)) {
      const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const found = WORDS.find(([english]) => walker.currentNode.data.startsWith(english));
        if (found) walker.currentNode.data = found[1];
      }
      place.querySelectorAll('[aria-label="Close"], [aria-label="Dismiss"]').forEach((button) => {
        button.setAttribute("aria-label", "Đóng");
      });
    }
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest && event.target.closest("button[data-kh]");
    if (!button) return;
    if (button.dataset.kh === "copy") {
      const done = await copy(button.nextElementSibling.textContent);
      tell(button, done ? "Đã chép" : "Không chép được");
    }
    if (button.dataset.kh === "print") window.print();
    if (button.dataset.kh === "forget") { forgotten = location.search; write([]); show(); }
  });
  addEventListener("pagehide", remember);
  let waiting = 0;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = setTimeout(() => { waiting = 0; remember(); show(); translate(); }, 200);
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
  remember();
  show();
  translate();
})();
