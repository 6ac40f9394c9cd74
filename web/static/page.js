// What the pages do beyond HTML. Without this script, asking, reading and following links still work.
//
// It loads before the body, so that elements that need it are there from the first paint and nothing moves later.
"use strict";

document.documentElement.classList.add("js");

// Where the server's addresses begin: "/", or the prefix that a proxy puts before them.
const BASE = new URL("..", document.currentScript.src).pathname;
const HISTORY_KEY = "musnad.history";
const FROM_KEY = "musnad.from";
const HISTORY_LENGTH = 20, HISTORY_SHOWN = 8;
const TYPING_PAUSE_MS = 160;
// The state of a pane that was closed; one that shows a citation has its number.
const CLOSED = -2;
const WIDE = matchMedia("(min-width: 72rem)");

// The article will open beside the answer: its place is kept from the first paint, so that the answer never moves.
setBeside(WIDE.matches && history.state?.source !== CLOSED);

function setBeside(isBeside) {
  document.documentElement.classList.toggle("beside", isBeside);
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("form[data-ask]").forEach(showProgress);
  document.querySelectorAll("input[data-suggest]").forEach(suggest);
  document.querySelectorAll("dialog.source").forEach(sourcePane);
  document.querySelectorAll("a[data-back]").forEach(backLink);
  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
  document.querySelectorAll("[data-copy]").forEach(copyOnClick);
  document.querySelectorAll("a[data-edit]").forEach(editOnClick);
  remember();
});

// "/" leads to the question, wherever nothing is being typed.
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog:modal")) return;
  if (event.target.matches?.("input, textarea, select, [contenteditable]")) return;
  const field = document.querySelector("form[role=search] input[type=text]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

// --- Progress of a question: report when passages are found, then open the page of the answer.

function showProgress(form) {
  form.addEventListener("submit", async (event) => {
    const field = form.querySelector("input[type=text][name=q]");
    if (!field.value.trim() || !window.ReadableStream) return;
    event.preventDefault();
    const told = form.querySelector(".progress");
    told.textContent = form.dataset.searching;
    form.setAttribute("aria-busy", "true");
    try {
      await answered(new FormData(form), () => { told.textContent = form.dataset.reading; });
    } catch {
      // Whatever is wrong, the form's own page says so.
    }
    form.removeAttribute("aria-busy");
    location.assign(addressOf(form));
  });
  addEventListener("pageshow", () => { form.querySelector(".progress").textContent = ""; });
}

function addressOf(form) {
  const kept = [...new FormData(form)].filter(([name, value]) => value !== "" || name === "q");
  return form.action + "?" + new URLSearchParams(kept);
}

async function answered(fields, onPassages) {
  const response = await fetch(BASE + "api/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept": "text/event-stream" },
    body: JSON.stringify({
      question: fields.get("q"),
      previous: fields.getAll("previous"),
      filters: {
        published_from: fields.get("published_from") || null,
        published_to: fields.get("published_to") || null,
        sources: fields.getAll("source"),
      },
    }),
  });
  if (!response.ok) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; !text.includes("event: answer");) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    if (text.includes("event: passages")) onPassages();
  }
}

// --- Suggestions while typing a question: a combobox with a list (ARIA Authoring Practices).

function suggest(field) {
  const list = document.createElement("ul");
  list.id = field.id + "-suggestions";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.suggest);
  list.hidden = true;
  field.parentElement.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"],
    ["aria-controls", list.id]]) field.setAttribute(name, value);
  let waiting = 0, asked = "", chosen = -1;

  const close = () => {
    clearTimeout(waiting);
    asked = "";
    list.hidden = true;
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const choose = (number) => {
    const options = list.children;
    chosen = (number + options.length) % options.length;
    [...options].forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
    field.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  };
  const take = (option) => {
    close();
    if (option.dataset.article) {
      location.assign(BASE + "articles/" + encodeURIComponent(option.dataset.article));
    } else {
      field.value = option.textContent;
      field.form.requestSubmit();
    }
  };
  const show = (suggestions) => {
    list.replaceChildren(...suggestions.map((suggestion, number) => {
      const option = document.createElement("li");
      option.id = list.id + "-" + number;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dir = "auto";
      option.className = suggestion.kind;
      option.textContent = suggestion.text;
      if (suggestion.kind === "article") option.dataset.article = suggestion.article_id;
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => take(option));
      return option;
    }));
    chosen = -1;
    list.hidden = suggestions.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
  };
  const ask = async () => {
    const text = field.value.trim();
    if (text.length < 2) return close();
    asked = text;
    let suggestions = [];
    try {
      const response = await fetch(BASE + "api/suggestions?" + new URLSearchParams({ q: text.slice(0, 200) }));
      if (response.ok) suggestions = (await response.json()).suggestions;
    } catch {
      // Typing goes on without suggestions.
    }
    if (asked === text && field.value.trim() === text && document.activeElement === field) show(suggestions);
  };
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, TYPING_PAUSE_MS);
  });
  field.addEventListener("blur", close);
  field.form.addEventListener("submit", close);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (!list.hidden) event.preventDefault();
      close();
    }
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? -1 : chosen - 1);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      take(list.children[chosen]);
    }
  });
}

// --- The cited article, beside the answer on a wide screen and over it on a small one.
// --- Each place that is opened is an entry of the history, so that Back returns to the one before.

function sourcePane(pane) {
  const links = [...document.querySelectorAll("a[data-source]")];
  const shown = pane.querySelector(".shown");
  const pages = new Map();
  let current = null;

  const page = (address) => {
    if (!pages.has(address)) pages.set(address, fetch(address).then((response) => response.ok ? response.text() : ""));
    return pages.get(address);
  };
  const open = async (link) => {
    current = link;
    const address = link.getAttribute("href");
    const article = new DOMParser().parseFromString(await page(address.split("#")[0]), "text/html").querySelector("article");
    if (current !== link) return;
    if (!article) return location.assign(address);
    article.querySelectorAll(".notice, .back").forEach((each) => each.remove());
    const heading = article.querySelector("h1");
    const title = document.createElement("h2");
    title.append(...heading.childNodes);
    heading.replaceWith(title);
    shown.replaceChildren(document.importNode(article, true));
    pane.querySelector("[data-whole]").href = address;
    links.forEach((each) => each.toggleAttribute("aria-current", each === link));
    if (!pane.open && WIDE.matches) {
      const focused = document.activeElement;
      setBeside(true);
      pane.show();
      // The pane takes the focus when it opens; the reader keeps it.
      document.activeElement.blur();
      focused.focus({ preventScroll: true });
    } else if (!pane.open) {
      pane.showModal();
    }
    shown.querySelector("mark")?.scrollIntoView({ block: "center", container: "nearest" });
  };
  const close = () => {
    current?.removeAttribute("aria-current");
    current = null;
    setBeside(false);
    pane.close();
  };
  const visit = (number) => {
    history.pushState({ source: number }, "");
    open(links[number]);
  };
  const restore = (state) => {
    const number = state?.source ?? -1;
    if (links[number]) open(links[number]);
    else if (WIDE.matches && number !== CLOSED) open(links[0]);
    else if (pane.open) close();
  };
  const leave = () => {
    if (!WIDE.matches && history.state?.source >= 0) return history.back();
    history.replaceState({ source: CLOSED }, "");
    close();
  };

  links.forEach((link, number) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    visit(number);
  }));
  pane.querySelectorAll("[data-step]").forEach((button) => {
    button.hidden = links.length < 2;
    button.addEventListener("click", () => {
      visit((links.indexOf(current) + Number(button.dataset.step) + links.length) % links.length);
    });
  });
  pane.querySelector("[data-close]").addEventListener("click", leave);
  pane.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave();
  });
  addEventListener("popstate", (event) => restore(event.state));
  WIDE.addEventListener("change", () => { if (pane.open) close(); });
  if (!links.length) return setBeside(false);
  sessionStorage.setItem(FROM_KEY, location.pathname + location.search);
  restore(history.state);
}

// An article leads back to the page with citations that was read last in this tab.
function backLink(link) {
  const from = sessionStorage.getItem(FROM_KEY) ?? "";
  if (!from.startsWith(BASE)) return;
  link.href = from;
  link.parentElement.hidden = false;
}

// --- A question to edit goes back into its field.

function editOnClick(link) {
  link.addEventListener("click", (event) => {
    const field = document.getElementById("q");
    if (!field || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    field.value = link.dataset.edit;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  });
}

// --- One sentence to cite or to keep. The articles in the pane come later, so the clicks are heard here.

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy-one], [data-keep]");
  if (!button) return;
  const cited = button.closest("[data-cited]"), words = document.querySelector("a[data-folders]").dataset;
  if ("keep" in button.dataset) {
    const { keep } = await import(words.folders);
    keep(cited ? oneOf(cited) : wholeAnswer());
  } else {
    const { text, told } = oneOf(cited);
    cited.querySelector(".done").textContent =
      await copy(`«${text}»\n${told}`) ? words.copied : words.notCopied;
  }
});

function oneOf(cited) {
  const marks = cited.closest("article")?.querySelectorAll(".text mark") ?? [];
  const place = document.getElementById(cited.dataset.cited);
  const sentence = place?.cloneNode(true);
  sentence?.querySelectorAll(".ref, .page").forEach((each) => each.remove());
  return {
    kind: cited.dataset.kind ?? "sentence",
    text: (marks.length ? [...marks].map((mark) => mark.textContent).join("\n") : sentence.textContent).trim(),
    told: cited.querySelector(".told").textContent,
    address: place?.querySelector("a.ref")?.getAttribute("href") ?? pageOf(cited),
    question: cited.dataset.about ?? document.querySelector("[data-asked]")?.dataset.asked ?? "",
  };
}

// The page of the article that shows the place: this one, or the one that the pane shows.
function pageOf(cited) {
  return cited.closest("dialog")?.querySelector("[data-whole]").getAttribute("href")
    ?? location.pathname + location.search + location.hash;
}

function wholeAnswer() {
  return {
    kind: "answer", text: document.getElementById("copied").textContent, address: location.pathname + location.search,
    question: document.querySelector("[data-asked]").dataset.asked,
  };
}

// --- Copying.

function copyOnClick(button) {
  const done = button.closest(".actions").querySelector(".done");
  button.addEventListener("click", async () => {
    const copied = await copy(document.getElementById(button.dataset.copy || "copied").innerText);
    done.textContent = copied ? button.dataset.copied : button.dataset.notCopied;
  });
}

async function copy(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not allowed here; try the older way.
    }
  }
  const field = made("textarea", text);
  field.className = "unseen";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}

// --- The history of questions, kept only in this browser.

function remember() {
  const asked = document.querySelector("[data-asked]");
  if (!asked) return;
  const address = comparable(location);
  write([{ text: asked.dataset.asked, address }, ...read().filter((each) => each.address !== address)]);
}

// An address as a form writes it, whatever way it was written.
function comparable({ pathname, search }) {
  return pathname + "?" + new URLSearchParams(search);
}

// Drawn in place while the page is parsed, so that what follows never moves.
customElements.define("asked-before", class extends HTMLElement {
  connectedCallback() {
    const questions = read().slice(0, HISTORY_SHOWN);
    if (!questions.length) return;
    const heading = made("h2", this.dataset.title);
    heading.id = "asked-before";
    const head = made("div", "", heading, made("p", this.dataset.hint));
    head.className = "head";
    head.lastChild.className = "hint";
    const list = made("ul", "", ...questions.map(({ text, address }) => {
      const link = made("a", text);
      link.href = address;
      link.dir = "auto";
      return made("li", "", link);
    }));
    list.className = "questions";
    list.setAttribute("role", "list");
    const clear = made("button", this.dataset.clear);
    clear.type = "button";
    clear.className = "quiet";
    clear.addEventListener("click", () => {
      write([]);
      this.replaceChildren();
    });
    const section = made("section", "", head, list, clear);
    section.setAttribute("aria-labelledby", heading.id);
    this.replaceChildren(section);
  }
});

function made(name, text, ...children) {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
}

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(HISTORY_KEY) ?? "[]");
    return kept.filter((each) => typeof each.text === "string" && String(each.address).startsWith(BASE + "?"));
  } catch {
    return [];
  }
}

function write(questions) {
  try {
    localStorage.setItem(HISTORY_KEY, JSON.stringify(questions.slice(0, HISTORY_LENGTH)));
  } catch {
    // The browser stores nothing.
  }
}
