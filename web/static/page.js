// What the pages do beyond HTML. Without this script, asking, reading and following links still work.
//
// It loads before the body, so that elements that need it are there from the first paint and nothing moves later.
"use strict";

document.documentElement.classList.add("js");

const HISTORY_KEY = "musnad.history";
const HISTORY_LENGTH = 20, HISTORY_SHOWN = 8;
const TYPING_PAUSE_MS = 160;
const HOVER_MS = 180;

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("form[data-ask]").forEach(showProgress);
  document.querySelectorAll("input[data-suggest]").forEach(suggest);
  document.querySelectorAll("a[data-around]").forEach(showAround);
  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
  document.querySelectorAll("[data-copy]").forEach(copyOnClick);
  remember();
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
  const response = await fetch("/api/ask", {
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
      location.assign("/articles/" + encodeURIComponent(option.dataset.article));
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
      const response = await fetch("/api/suggestions?" + new URLSearchParams({ q: text.slice(0, 200) }));
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

// --- A cited sentence in its surroundings, shown when its number is hovered or tapped.
// --- It stays while the pointer is on it, and Escape closes it (WCAG 1.4.13).

function showAround(link) {
  const details = document.getElementById(link.dataset.around);
  const card = document.createElement("div");
  card.className = "card";
  card.hidden = true;
  card.lang = details.lang;
  let waiting = 0;

  const open = () => {
    if (!card.firstChild) card.append(...details.querySelector("div").cloneNode(true).childNodes);
    if (!card.isConnected) link.closest("li, .side > div").append(card);
    document.querySelectorAll(".card").forEach((other) => { other.hidden = other !== card; });
    const around = card.offsetParent.getBoundingClientRect();
    card.style.insetBlockStart = link.getBoundingClientRect().bottom - around.top + 6 + "px";
  };
  const close = () => { card.hidden = true; };
  const later = (act, after) => { clearTimeout(waiting); waiting = setTimeout(act, after); };
  for (const over of [link, card]) {
    over.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") later(open, over === card ? 0 : HOVER_MS);
    });
    over.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") later(close, HOVER_MS); });
  }
  let touched = false;
  link.addEventListener("pointerdown", (event) => { touched = event.pointerType !== "mouse"; });
  link.addEventListener("click", (event) => {
    if (!touched) return;
    event.preventDefault();
    if (card.hidden) open(); else close();
  });
  addEventListener("keydown", (event) => { if (event.key === "Escape") later(close, 0); });
  addEventListener("pointerdown", (event) => {
    if (!card.hidden && !card.contains(event.target) && event.target.closest("a") !== link) close();
  });
}

// --- Copying.

function copyOnClick(button) {
  const done = document.querySelector(".done");
  button.addEventListener("click", async () => {
    const copied = await copy(document.getElementById("copied").textContent);
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
  const address = location.pathname + location.search;
  write([{ text: asked.dataset.asked, address }, ...read().filter((each) => each.address !== address)]);
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
    return kept.filter((each) => typeof each.text === "string" && String(each.address).startsWith("/?"));
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
